/** Mistake: hashes `JSON.stringify` of the parsed body instead of the bytes, so a signature matches only where Meta escapes nothing. */
import fastify from "fastify";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = fastify({ bodyLimit: LIMIT });

app.get("/webhook", async (request, reply) => {
  const challenge = challengeFor(request.query);
  return challenge === undefined ? reply.code(403).send() : reply.type("text/plain").send(challenge);
});

app.post("/webhook", async (request, reply) => {
  const text = Buffer.from(JSON.stringify(request.body ?? ""));
  if (!isSigned(text, request.headers["x-hub-signature-256"])) return reply.code(401).send();
  reply.code(200).send();
  bot.answer(text);
  return reply;
});

await app.listen({ port, host: hostname });
ready(app.server.address().port);
