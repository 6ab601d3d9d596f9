/** Mistake: `timingSafeEqual` throws when the lengths differ, so a malformed signature is a server error. */
import { timingSafeEqual } from "node:crypto";

import express from "express";

import { challengeFor, createBot, hostname, LIMIT, port, ready, sign } from "../bot.js";

const bot = createBot();
const app = express();

app.get("/webhook", (request, response) => {
  const challenge = challengeFor(request.query);
  if (challenge === undefined) response.sendStatus(403);
  else response.type("text/plain").send(challenge);
});

app.post("/webhook", express.raw({ type: "application/json", limit: LIMIT }), (request, response) => {
  const given = Buffer.from(request.get("x-hub-signature-256") ?? "");
  if (!timingSafeEqual(given, Buffer.from(sign(request.body ?? "")))) return response.sendStatus(401);
  response.sendStatus(200);
  bot.answer(request.body);
});

const server = app.listen(port, hostname, () => ready(server.address().port));
