/** Mistake: reads the phone number id of every value; the fields about the account have no metadata, and the exception is a 500. */
import fastify from "fastify";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = fastify({ bodyLimit: LIMIT });
app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_, bytes) => bytes);

app.get("/webhook", async (request, reply) => {
  const challenge = challengeFor(request.query);
  return challenge === undefined ? reply.code(403).send() : reply.type("text/plain").send(challenge);
});

app.post("/webhook", async (request, reply) => {
  if (!isSigned(request.body, request.headers["x-hub-signature-256"])) return reply.code(401).send();
  for (const { changes } of JSON.parse(request.body).entry) {
    for (const { value } of changes) request.log.info(`for ${value.metadata.phone_number_id}`);
  }
  reply.code(200).send();
  bot.answer(request.body);
  return reply;
});

await app.listen({ port, host: hostname });
ready(app.server.address().port);
