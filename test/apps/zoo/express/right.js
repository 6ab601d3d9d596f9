/** Right: the raw bytes are hashed, the acknowledgment comes first, each message is answered once. */
import express from "express";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = express();

app.get("/webhook", (request, response) => {
  const challenge = challengeFor(request.query);
  if (challenge === undefined) response.sendStatus(403);
  else response.type("text/plain").send(challenge);
});

app.post("/webhook", express.raw({ type: "application/json", limit: LIMIT }), (request, response) => {
  if (!isSigned(request.body, request.get("x-hub-signature-256"))) return response.sendStatus(401);
  response.sendStatus(200);
  bot.answer(request.body);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
