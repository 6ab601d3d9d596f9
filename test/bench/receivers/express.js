// The receiver that tutorials show: Express parses the JSON and keeps the text for the signature. It keeps nothing.
import { createHmac, timingSafeEqual } from "node:crypto";

import express from "express";

const [port] = process.argv.slice(2);
const secret = process.env.WHATSAPP_APP_SECRET;
const seen = { messages: 0 };

function keepText(request, _response, bytes) {
  request.rawBody = bytes.toString("utf8");
}

const app = express();
app.use(express.json({ verify: keepText, limit: "3mb" }));
app.post("/webhook", (request, response) => {
  if (!isSigned(request.rawBody, request.get("x-hub-signature-256"))) {
    response.status(401).json({ error: "signature" });
    return;
  }
  for (const { changes } of request.body.entry ?? []) {
    for (const { field, value } of changes ?? []) {
      if (field === "messages") for (const { id } of value.messages ?? []) if (id !== undefined) seen.messages++;
    }
  }
  response.status(200).json({ status: "received" });
});
app.listen(Number(port), "127.0.0.1");

function isSigned(text, header) {
  const [scheme, hex = ""] = (header ?? "").split("=");
  const given = Buffer.from(hex, "hex");
  const expected = createHmac("sha256", secret).update(text, "utf8").digest();
  return scheme === "sha256" && given.length === expected.length && timingSafeEqual(given, expected);
}
