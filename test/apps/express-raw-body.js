/** An app as careful tutorials write it: Express keeps the raw body, and the signature is checked over those bytes. */
import { createHmac, timingSafeEqual } from "node:crypto";

import express from "express";

const { PORT = "3000", WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = process.env;
if (!appSecret || !verifyToken) throw new Error("set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN");

const app = express();

app.get("/webhook", ({ query }, response) => {
  if (query["hub.mode"] !== "subscribe" || query["hub.verify_token"] !== verifyToken) response.sendStatus(403);
  else response.type("text/plain").send(query["hub.challenge"]);
});

app.use(express.json({ limit: "3mb", verify: keepBytes }));

app.post("/webhook", (request, response) => {
  response.sendStatus(isSigned(request) ? 200 : 401);
});

const server = app.listen(Number(PORT), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`);
});

function keepBytes(request, _response, bytes) {
  request.rawBody = bytes;
}

function isSigned({ rawBody, headers }) {
  if (rawBody === undefined) return false;
  const given = /^sha256=([0-9a-f]{64})$/.exec(headers["x-hub-signature-256"] ?? "")?.[1];
  if (given === undefined) return false;
  const expected = createHmac("sha256", appSecret).update(rawBody).digest();
  return timingSafeEqual(Buffer.from(given, "hex"), expected);
}
