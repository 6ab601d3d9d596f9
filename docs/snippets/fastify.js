import fastify from "fastify";

import { challengeOf, isSigned } from "./signature.js";

const app = fastify({ bodyLimit: 4 * 1024 * 1024 });

// The parser returns the bytes instead of an object.
app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (request, body) => body);

app.get("/webhook", async (request, reply) => {
  const challenge = challengeOf(request.query);
  return challenge === undefined ? reply.code(403).send() : reply.type("text/plain").send(challenge);
});

app.post("/webhook", async (request, reply) => {
  if (!isSigned(request.body, request.headers["x-hub-signature-256"])) return reply.code(401).send();
  reply.code(200).send();
  handle(JSON.parse(request.body));
  return reply;
});

function handle(payload) {
  console.log(payload.entry.length, "entries"); // your bot
}

await app.listen({ port: Number(process.env.PORT ?? 3000) });
