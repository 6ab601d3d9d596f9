/** An app with a known flaw, kept on purpose: it hashes `JSON.stringify(req.body)`, which is not what Meta signed as soon as Meta has escaped something. */
import { createHmac, timingSafeEqual } from "node:crypto";

import express from "express";

const { PORT = "3000", WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = process.env;
if (!appSecret || !verifyToken) throw new Error("set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN");

const app = express();
app.use(express.json());

app
  .route("/webhook")
  .get((request, response) => {
    const { "hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge } = request.query;
    if (mode === "subscribe" && token === verifyToken) response.type("text/plain").send(challenge);
    else response.sendStatus(403);
  })
  .post((request, response) => {
    const given = Buffer.from(request.get("x-hub-signature-256") ?? "");
    const expected = Buffer.from(signatureOf(JSON.stringify(request.body ?? {})));
    const matches = given.length === expected.length && timingSafeEqual(given, expected);
    response.sendStatus(matches ? 200 : 401);
  });

const server = app.listen(Number(PORT), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`);
});

function signatureOf(text) {
  return `sha256=${createHmac("sha256", appSecret).update(text).digest("hex")}`;
}
