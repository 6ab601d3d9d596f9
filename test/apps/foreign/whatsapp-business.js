/** A bot on the webhook client of `whatsapp-business`, with the body parsers that the library uses; it does not verify signatures. */
import { createRequire } from "node:module";

import { WABAClient, WebhookClient } from "whatsapp-business";

const {
  PORT,
  WHATSAPP_VERIFY_TOKEN: token,
  GRAPH_API_URL: graph,
  WHATSAPP_PHONE_NUMBER_ID: phoneId = "0",
  WHATSAPP_ACCESS_TOKEN: apiToken = "none",
} = process.env;
const client = new WABAClient({ apiToken, phoneId, accountId: "0" });
client.restClient.fetch.defaults.baseURL = `${graph}/v25.0`;

// Its router needs the version of Express that it depends on.
const express = createRequire(import.meta.resolve("whatsapp-business"))("express");
const app = express()
  .use(express.json())
  .use(express.urlencoded({ extended: false }));
const webhook = new WebhookClient({ token, path: "/webhook", expressApp: { app, shouldStartListening: false } });
webhook.initWebhook({
  onTextMessageReceived: ({ from, text }) => {
    const reply = { to: from, type: "text", text: { body: `You wrote: ${text.body}` } };
    if (graph) client.sendMessage(reply).catch(console.error);
  },
});

const server = app.listen(Number(PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`);
});
