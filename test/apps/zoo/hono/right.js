/** Right: the raw bytes are hashed, the reply is sent after the acknowledgment, each message is answered once. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = new Hono();

app.get("/webhook", (c) => {
  const challenge = challengeFor(c.req.query());
  return challenge === undefined ? c.text("Forbidden", 403) : c.text(challenge);
});

app.post("/webhook", bodyLimit({ maxSize: LIMIT }), async (c) => {
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (!isSigned(bytes, c.req.header("x-hub-signature-256"))) return c.text("Unauthorized", 401);
  setImmediate(bot.answer, bytes);
  return c.text("EVENT_RECEIVED");
});

serve({ fetch: app.fetch, port, hostname }, (address) => ready(address.port));
