/** Mistake: `timingSafeEqual` throws when the lengths differ, so a malformed signature is a server error. */
import { timingSafeEqual } from "node:crypto";

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { challengeFor, createBot, hostname, LIMIT, port, ready, sign } from "../bot.js";

const bot = createBot();
const app = new Hono();

app.get("/webhook", (c) => {
  const challenge = challengeFor(c.req.query());
  return challenge === undefined ? c.text("Forbidden", 403) : c.text(challenge);
});

app.post("/webhook", bodyLimit({ maxSize: LIMIT }), async (c) => {
  const bytes = Buffer.from(await c.req.arrayBuffer());
  const given = Buffer.from(c.req.header("x-hub-signature-256") ?? "");
  if (!timingSafeEqual(given, Buffer.from(sign(bytes)))) return c.text("Unauthorized", 401);
  setImmediate(bot.answer, bytes);
  return c.text("EVENT_RECEIVED");
});

serve({ fetch: app.fetch, port, hostname }, (address) => ready(address.port));
