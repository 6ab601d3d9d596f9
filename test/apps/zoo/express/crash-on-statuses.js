/** Mistake: takes it that every value has messages; statuses have none, and the exception is a 500. */
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
  for (const { changes } of JSON.parse(request.body).entry) {
    for (const { field, value } of changes) {
      if (field !== "messages" || value.errors) continue;
      value.messages.forEach(bot.answerOnce);
    }
  }
  response.sendStatus(200);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
