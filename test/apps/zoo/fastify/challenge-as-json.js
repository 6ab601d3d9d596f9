/** Mistake: the challenge comes back inside of a JSON object instead of as the whole body. */
import fastify from "fastify";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = fastify({ bodyLimit: LIMIT });
app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_, bytes) => bytes);

app.get("/webhook", async (request, reply) => {
  const challenge = challengeFor(request.query);
  return challenge === undefined ? reply.code(403).send() : { challenge };
});

app.post("/webhook", async (request, reply) => {
  if (!isSigned(request.body, request.headers["x-hub-signature-256"])) return reply.code(401).send();
  reply.code(200).send();
  bot.answer(request.body);
  return reply;
});

await app.listen({ port, host: hostname });
ready(app.server.address().port);
