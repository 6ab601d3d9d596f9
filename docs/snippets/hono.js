import { serve } from "@hono/node-server";
import { Hono } from "hono";

import { challengeOf, isSigned } from "./signature.js";

const app = new Hono();

app.get("/webhook", (c) => {
  const challenge = challengeOf(c.req.query());
  return challenge === undefined ? c.text("Forbidden", 403) : c.text(challenge);
});

app.post("/webhook", async (c) => {
  const body = Buffer.from(await c.req.arrayBuffer());
  if (!isSigned(body, c.req.header("x-hub-signature-256"))) return c.text("Unauthorized", 401);
  setImmediate(handle, JSON.parse(body));
  return c.text("OK");
});

function handle(payload) {
  console.log(payload.entry.length, "entries"); // your bot
}

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
