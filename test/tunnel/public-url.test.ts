/** A tunnel of the user's own. */
import { expect, test } from "vitest";

import { openPublicUrl } from "../../src/tunnel/public-url.ts";

test("only the origin of the URL is used, and closing ends the events", async () => {
  const tunnel = openPublicUrl(new URL("https://hooks.example.com:8443/webhook?a=b#c"));
  expect([tunnel.provider, tunnel.url]).toEqual(["public-url", "https://hooks.example.com:8443"]);
  const events = tunnel.events();
  await tunnel.close();
  await tunnel.close();
  expect((await events.next()).done).toBe(true);
  expect((await tunnel.events().next()).done).toBe(true);
});
