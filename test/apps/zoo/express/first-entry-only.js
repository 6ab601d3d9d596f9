/** Mistake: reads the first message of the first change of the first entry; the others of a batch are acknowledged and lost. */
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
  const message = JSON.parse(request.body).entry?.[0]?.changes?.[0]?.value?.messages?.[0];
  if (message) bot.answerOnce(message);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
