/** Mistake: the signature check stands before every route, and the handshake has no signature. */
import express from "express";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = express();
app.use(express.raw({ type: "application/json", limit: LIMIT }), (request, response, next) => {
  if (isSigned(request.body, request.get("x-hub-signature-256"))) next();
  else response.sendStatus(401);
});

app.get("/webhook", (request, response) => {
  const challenge = challengeFor(request.query);
  if (challenge === undefined) response.sendStatus(403);
  else response.type("text/plain").send(challenge);
});

app.post("/webhook", (request, response) => {
  response.sendStatus(200);
  bot.answer(request.body);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
