/** Mistake: no signature is checked at all. */
import fastify from "fastify";

import { challengeFor, createBot, hostname, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = fastify({ bodyLimit: LIMIT });
app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_, bytes) => bytes);

app.get("/webhook", async (request, reply) => {
  const challenge = challengeFor(request.query);
  return challenge === undefined ? reply.code(403).send() : reply.type("text/plain").send(challenge);
});

app.post("/webhook", async (request, reply) => {
  reply.code(200).send();
  bot.answer(request.body);
  return reply;
});

await app.listen({ port, host: hostname });
ready(app.server.address().port);
