/** A bot on `whatsapp-api-js` with its Express middleware, as the library's manual shows it. */
import express from "express";
import { Text } from "whatsapp-api-js/messages";
import { WhatsAppAPI } from "whatsapp-api-js/middleware/express";

const {
  PORT,
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: webhookVerifyToken,
  GRAPH_API_URL: graph,
} = process.env;
const toGraph = (url, init) => fetch(String(url).replace("https://graph.facebook.com", graph), init);
const settings = { appSecret, webhookVerifyToken, v: "v25.0", ponyfill: { fetch: toGraph } };
const whatsapp = new WhatsAppAPI({ token: process.env.WHATSAPP_ACCESS_TOKEN ?? "none", ...settings });
whatsapp.on.message = ({ message, reply }) => {
  if (message.type === "text" && graph) reply(new Text(`You wrote: ${message.text.body}`)).catch(console.error);
};

const app = express();
app.get("/webhook", (request, response) => {
  try {
    response.type("text/plain").send(whatsapp.handle_get(request));
  } catch (status) {
    response.sendStatus(status);
  }
});
app.post("/webhook", express.text({ type: "*/*", limit: "4mb" }), (request, response, next) => {
  void whatsapp.handle_post(request).then((status) => response.sendStatus(status), next);
});

const server = app.listen(Number(PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`);
});
