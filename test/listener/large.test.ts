/** Signed deliveries of Meta's largest size in the worst shapes: each is acknowledged and recorded, none is "a bug". */
import { expect, test } from "vitest";

import { listening, post } from "../support/http.ts";

const MB = 1024 * 1024;

const change = (value: string, field = "messages") =>
  `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"${field}","value":${value}}]}]}`;
const list = (count: number, item: string) => `[${Array.from({ length: count }, () => item).join(",")}]`;
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

test.each([
  ["150 000 statuses", change(`{"statuses":${list(150_000, '{"id":"w"}')}}`), 150_000],
  [
    "150 000 people in one event of a group",
    change(
      `{"groups":[{"type":"group_participants_add","added_participants":${list(150_000, '{"wa_id":"1"}')}}]}`,
      "group_participants_update",
    ),
    1,
  ],
  [
    "arrays 700 000 deep",
    change(`{"messages":[{"id":"w","type":"text","text":{"body":${nested("[", "]", 700_000)}}}]}`),
    1,
  ],
  [
    "objects 300 000 deep",
    change(
      `{"messages":[{"id":"w","type":"interactive","interactive":${'{"a":'.repeat(300_000)}1${"}".repeat(300_000)}}]}`,
    ),
    1,
  ],
])("%s are acknowledged and recorded with their events", { timeout: 60_000 }, async (_, body, events) => {
  expect(body.length).toBeLessThan(3 * MB);
  const { listener } = await listening();
  expect(await post(listener.url, body)).toBe(200);
  expect(listener.store.last()?.events).toHaveLength(events);
});
