/** Mistake: answers each delivery of a message; Meta may deliver one twice, and does after each failure. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { challengeFor, createBot, hostname, isSigned, LIMIT, messagesIn, port, ready } from "../bot.js";

const bot = createBot();
const app = new Hono();

app.get("/webhook", (c) => {
  const challenge = challengeFor(c.req.query());
  return challenge === undefined ? c.text("Forbidden", 403) : c.text(challenge);
});

app.post("/webhook", bodyLimit({ maxSize: LIMIT }), async (c) => {
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (!isSigned(bytes, c.req.header("x-hub-signature-256"))) return c.text("Unauthorized", 401);
  for (const message of messagesIn(JSON.parse(bytes))) setImmediate(bot.reply, message);
  return c.text("EVENT_RECEIVED");
});

serve({ fetch: app.fetch, port, hostname }, (address) => ready(address.port));
