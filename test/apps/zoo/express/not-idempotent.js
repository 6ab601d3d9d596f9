/** Mistake: answers each delivery of a message; Meta may deliver one twice, and does after each failure. */
import express from "express";

import { challengeFor, createBot, hostname, isSigned, LIMIT, messagesIn, port, ready } from "../bot.js";

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
  messagesIn(JSON.parse(request.body)).forEach(bot.reply);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
