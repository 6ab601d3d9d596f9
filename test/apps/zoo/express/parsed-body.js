/** Mistake: hashes `JSON.stringify` of the parsed body instead of the bytes, so a signature matches only where Meta escapes nothing. */
import express from "express";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = express();
app.use(express.json({ limit: LIMIT }));

app.get("/webhook", (request, response) => {
  const challenge = challengeFor(request.query);
  if (challenge === undefined) response.sendStatus(403);
  else response.type("text/plain").send(challenge);
});

app.post("/webhook", (request, response) => {
  const text = Buffer.from(JSON.stringify(request.body ?? ""));
  if (!isSigned(text, request.get("x-hub-signature-256"))) return response.sendStatus(401);
  response.sendStatus(200);
  bot.answer(text);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
