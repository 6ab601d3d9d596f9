/** Mistake: acknowledges before the body was read and verified, so that whoever sends anything gets a 200, and a lost delivery does not come again. */
import { buffer } from "node:stream/consumers";

import express from "express";

import { challengeFor, createBot, hostname, isSigned, port, ready } from "../bot.js";

const bot = createBot();
const app = express();

app.get("/webhook", (request, response) => {
  const challenge = challengeFor(request.query);
  if (challenge === undefined) response.sendStatus(403);
  else response.type("text/plain").send(challenge);
});

// Express 5 catches what an async handler throws.
// oxlint-disable-next-line oxc/no-async-endpoint-handlers
app.post("/webhook", async (request, response) => {
  response.sendStatus(200);
  const bytes = await buffer(request);
  if (isSigned(bytes, request.get("x-hub-signature-256"))) bot.answer(bytes);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
