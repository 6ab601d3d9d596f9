/** Mistake: whoever asks gets the challenge back; the verify token is not compared. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = new Hono();

app.get("/webhook", (c) => {
  const { "hub.mode": mode, "hub.challenge": challenge } = c.req.query();
  return mode === "subscribe" && challenge ? c.text(challenge) : c.text("Bad Request", 400);
});

app.post("/webhook", bodyLimit({ maxSize: LIMIT }), async (c) => {
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (!isSigned(bytes, c.req.header("x-hub-signature-256"))) return c.text("Unauthorized", 401);
  setImmediate(bot.answer, bytes);
  return c.text("EVENT_RECEIVED");
});

serve({ fetch: app.fetch, port, hostname }, (address) => ready(address.port));
