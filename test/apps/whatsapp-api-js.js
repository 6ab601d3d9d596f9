/** An app on the client library whatsapp-api-js, as published: the library's own verification decides, its own statuses are the answers. */
import { createServer } from "node:http";

import { WhatsAppAPI } from "whatsapp-api-js/middleware/node-http";

const { PORT = "3000", WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: webhookVerifyToken } = process.env;
if (!appSecret || !webhookVerifyToken) throw new Error("set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN");

// Without a version the library prints a warning; nothing is sent, so the token is never used.
const whatsapp = new WhatsAppAPI({ token: "none", v: "v25.0", appSecret, webhookVerifyToken, secure: true });

const server = createServer((request, response) => {
  void answer(request).then(({ status, body }) => response.writeHead(status).end(body));
});

server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`);
});

async function answer(request) {
  if (request.url.split("?", 1)[0] !== "/webhook") return { status: 404 };
  if (request.method === "POST") return { status: await whatsapp.handle_post(request) };
  if (request.method !== "GET") return { status: 405 };
  try {
    return { status: 200, body: whatsapp.handle_get(request) };
  } catch (status) {
    return { status };
  }
}
