/** A bot that verifies and reads with `@kapso/whatsapp-cloud-api/server`, behind Express; the handshake is the app's own. */
import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import express from "express";

const {
  PORT,
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: token,
  GRAPH_API_URL: baseUrl,
  ...env
} = process.env;
const { WHATSAPP_ACCESS_TOKEN: accessToken = "none", WHATSAPP_PHONE_NUMBER_ID: phoneNumberId } = env;
const client = new WhatsAppClient({ accessToken, graphVersion: "v25.0", ...(baseUrl ? { baseUrl } : {}) });

const app = express();
app.get("/webhook", ({ query }, response) => {
  if (query["hub.verify_token"] !== token) response.sendStatus(403);
  else response.type("text/plain").send(query["hub.challenge"]);
});
app.post("/webhook", express.raw({ type: "application/json", limit: "4mb" }), (request, response) => {
  const { body: rawBody } = request;
  if (!verifySignature({ appSecret, rawBody, signatureHeader: request.get("x-hub-signature-256") }))
    return response.sendStatus(401);
  const { messages } = normalizeWebhook(JSON.parse(rawBody));
  response.sendStatus(200);
  for (const { from, type, text } of messages) {
    const reply = { phoneNumberId, to: from, body: `You wrote: ${text?.body}` };
    if (type === "text" && baseUrl) client.messages.sendText(reply).catch(console.error);
  }
});

const server = app.listen(Number(PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`);
});
