/** A bot on `@great-detail/whatsapp` with Fastify, as the library's manual shows it; the library reads and verifies, the app compares. */
import { Client } from "@great-detail/whatsapp";
import fastify from "fastify";

const { PORT, WHATSAPP_APP_SECRET: secret, WHATSAPP_VERIFY_TOKEN: token, ...env } = process.env;
const { GRAPH_API_URL: prefixUrl, WHATSAPP_PHONE_NUMBER_ID: phoneNumberID, WHATSAPP_ACCESS_TOKEN: access } = env;
const request = { headers: { Authorization: `Bearer ${access}` } };
const sdk = new Client({ ...(prefixUrl ? { prefixUrl } : {}), graphVersion: "v25.0", request });
const app = fastify({ bodyLimit: 4 * 1024 * 1024 });
app.addContentTypeParser("application/json", { parseAs: "string" }, async (_, body) => body);

app.get("/webhook", async ({ method, query, body, headers }, reply) => {
  const asked = await sdk.webhook.register({ method, query, body, headers });
  return asked.verifyToken === token ? asked.accept() : reply.code(403).send(asked.reject());
});

app.post("/webhook", async ({ method, query, body, headers }, reply) => {
  const event = await sdk.webhook.eventNotification({ method, query, body, headers });
  await event.verifySignature(secret);
  reply.send(event.accept());
  for (const { value } of event.eventNotification.entry.flatMap(({ changes }) => changes)) {
    for (const { from, type, text } of value.messages ?? []) {
      const message = { phoneNumberID, to: from, type: "text", text: { body: `You wrote: ${text?.body}` } };
      if (type === "text" && prefixUrl) sdk.message.createMessage(message).catch(console.error);
    }
  }
  return reply;
});

await app.listen({ port: Number(PORT ?? 3000), host: "127.0.0.1" });
console.log(`listening on http://127.0.0.1:${app.server.address().port}/webhook`);
