/** The keys of `wa-hook listen`, pressed in-process; test/cli/listen-terminal.test.ts presses them on a real terminal. */
import type { IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import type { Keys } from "../../src/terminal/keys.ts";
import { APP_SECRET, post, serve, signed, VERIFY_TOKEN, wireOf } from "../support/http.ts";
import { testWorld } from "../support/world.ts";

const env = { WHATSAPP_APP_SECRET: APP_SECRET, WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN };

/** `wa-hook listen` with a person who can press keys. */
async function listenWithKeys(flags: readonly string[] = []) {
  let onKey: ((key: string) => void) | undefined;
  let isDisposed = false;
  const keys: Keys = {
    read(callback) {
      onKey = callback;
      return { [Symbol.dispose]: () => void (isDisposed = true) };
    },
  };
  const world = { ...testWorld({ env, tty: true }), keys };
  const exit = main(["listen", "--port", "0", "--no-record", "--tunnel", "none", "--no-color", ...flags], world);
  const [url = ""] = await Promise.race([
    world.stderr.until(/http:\/\/127\.0\.0\.1:\d+\/webhook/),
    world.stdout.until(/http:\/\/127\.0\.0\.1:\d+\/webhook/),
  ]);
  return {
    world,
    url,
    press: (key: string) => onKey?.(key),
    async stop() {
      world.stop();
      expect(await exit).toBe(0);
      expect(isDisposed).toBe(onKey !== undefined);
      return world.stdout.text + world.stderr.text;
    },
  };
}

test("r forwards the last accepted delivery again, with the same bytes and headers", async () => {
  const requests: { headers: IncomingHttpHeaders; raw: string[]; body: Buffer }[] = [];
  const app = await serve(async (request, response) => {
    requests.push({ headers: request.headers, raw: request.rawHeaders, body: await buffer(request) });
    response.writeHead(requests.length === 1 ? 500 : 200).end();
  });
  const { world, url, press, stop } = await listenWithKeys(["--forward-to", String(app.port)]);
  const body = wireOf("image");
  await post(url, body, { ...signed(body), "X-Team": "blue", "user-agent": "facebookexternalua" });
  await world.stdout.until("→ 500");
  const rejected = Buffer.from("{}");
  await post(url, rejected, signed(rejected, "another-secret"));
  await world.stdout.until("rejected");
  press("r");
  await world.stdout.until(/↻ image .*→ 200/);
  expect(requests[1]).toEqual(requests[0]);
  expect(requests[1]?.body).toEqual(body);
  expect(requests[1]?.headers).toMatchObject(signed(body));
  expect(await stop()).toContain("1 delivery · 1 event");
});

test("r says in one line that there is no app to forward to, or nothing to replay yet", async () => {
  const without = await listenWithKeys();
  without.press("r");
  await without.world.stderr.until("Nothing to replay to: start with --forward-to <port>");
  expect((await without.stop()).match(/Nothing to replay/g)).toHaveLength(1);
  const app = await serve((_, response) => void response.end());
  const early = await listenWithKeys(["--forward-to", String(app.port)]);
  early.press("r");
  await early.world.stderr.until("Nothing to replay yet");
  expect((await early.stop()).match(/Nothing to replay/g)).toHaveLength(1);
});

test("the banner mentions the keys, ? and h list them, and c clears the screen and shows the callback URL", async () => {
  const { world, url, press, stop } = await listenWithKeys();
  await world.stderr.until("Press ? for keys");
  press("?");
  await world.stderr.until(/ r {2}Replay[^]* c {2}Clear[^]* q {2}Quit[^]* \? {2}List/);
  press("h");
  await world.stderr.until(/Replay[^]*Replay/);
  press("x");
  press("c");
  await world.stdout.until("\u001b[2J\u001b[H");
  await world.stderr.until(new RegExp(`Callback URL[^]*Callback URL +${url}\nPress \\? for keys`));
  expect((await stop()).match(/Replay the last/g)).toHaveLength(2);
});

test("with --json no keys are read, and without a terminal they are not mentioned", async () => {
  const json = await listenWithKeys(["--json"]);
  json.press("?");
  expect(await json.stop()).not.toMatch(/keys/);
  const world = testWorld({ env });
  const exit = main(["listen", "--port", "0", "--no-record", "--tunnel", "none"], world);
  await world.stderr.until("Ready.");
  world.stop();
  await exit;
  expect(world.stderr.text).not.toContain("keys");
});
