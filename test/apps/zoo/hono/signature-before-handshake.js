/** Mistake: the signature check stands before every route, and the handshake has no signature. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = new Hono();

app.use(bodyLimit({ maxSize: LIMIT }), async (c, next) => {
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (!isSigned(bytes, c.req.header("x-hub-signature-256"))) return c.text("Unauthorized", 401);
  await next();
});

app.get("/webhook", (c) => {
  const challenge = challengeFor(c.req.query());
  return challenge === undefined ? c.text("Forbidden", 403) : c.text(challenge);
});

app.post("/webhook", async (c) => {
  setImmediate(bot.answer, Buffer.from(await c.req.arrayBuffer()));
  return c.text("EVENT_RECEIVED");
});

serve({ fetch: app.fetch, port, hostname }, (address) => ready(address.port));
