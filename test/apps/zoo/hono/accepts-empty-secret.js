/** Mistake: two app secrets are valid while one replaces the other; the second is not set, and an empty key is one that everybody has. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { appSecret, challengeFor, createBot, hostname, isSigned, LIMIT, port, ready } from "../bot.js";

const bot = createBot();
const app = new Hono();
const secrets = [appSecret, process.env.WHATSAPP_NEXT_APP_SECRET ?? ""];

app.get("/webhook", (c) => {
  const challenge = challengeFor(c.req.query());
  return challenge === undefined ? c.text("Forbidden", 403) : c.text(challenge);
});

app.post("/webhook", bodyLimit({ maxSize: LIMIT }), async (c) => {
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (!secrets.some((secret) => isSigned(bytes, c.req.header("x-hub-signature-256"), secret)))
    return c.text("Unauthorized", 401);
  setImmediate(bot.answer, bytes);
  return c.text("EVENT_RECEIVED");
});

serve({ fetch: app.fetch, port, hostname }, (address) => ready(address.port));
