/** A bot on the Chat SDK with its WhatsApp adapter, behind Hono. */
import { createMemoryState } from "@chat-adapter/state-memory";
import { createWhatsAppAdapter } from "@chat-adapter/whatsapp";
import { serve } from "@hono/node-server";
import { Chat } from "chat";
import { Hono } from "hono";

const {
  PORT,
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  GRAPH_API_URL: apiUrl,
  ...env
} = process.env;
const { WHATSAPP_ACCESS_TOKEN: accessToken = "none", WHATSAPP_PHONE_NUMBER_ID: phoneNumberId = "0" } = env;
const graph = { accessToken, phoneNumberId, apiVersion: "v25.0", ...(apiUrl ? { apiUrl } : {}) };
const whatsapp = createWhatsAppAdapter({ appSecret, verifyToken, ...graph });
const bot = new Chat({ userName: "bot", adapters: { whatsapp }, state: createMemoryState() });
bot.onDirectMessage(async (thread, { text }) => {
  if (apiUrl) await thread.post(`You wrote: ${text}`);
});

const app = new Hono();
const waitUntil = (task) => void task.catch(console.error);
app.all("/webhook", (c) => bot.webhooks.whatsapp(c.req.raw, { waitUntil }));

serve({ fetch: app.fetch, port: Number(PORT ?? 3000), hostname: "127.0.0.1" }, ({ port }) => {
  console.log(`listening on http://127.0.0.1:${port}/webhook`);
});
