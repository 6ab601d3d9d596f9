/** What is too much to be held: standard input as it comes, long files, large lines; and what goes wrong in the middle of them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { serve } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const env = { WHATSAPP_APP_SECRET: "test-app-secret" };
const MB = 1024 * 1024;

const line = (body: string, more: object = {}) =>
  `${JSON.stringify({ body_b64: Buffer.from(body).toString("base64"), ...more })}\n`;

/** An app that takes everything and remembers it; `came` resolves when so much has come. */
async function app(): Promise<{ url: string; taken: string[]; came(count: number): Promise<void> }> {
  const taken: string[] = [];
  const changed = new EventTarget();
  const server = await serve((request, response) => {
    void buffer(request).then((body) => {
      taken.push(body.toString());
      response.end(() => changed.dispatchEvent(new Event("taken")));
    });
  });
  const came = async (count: number) => {
    while (taken.length < count) {
      await new Promise((resolve) => changed.addEventListener("taken", resolve, { once: true }));
    }
  };
  return { url: server.url, taken, came };
}

test("standard input is delivered line by line while it is still open", async () => {
  const { url, taken, came } = await app();
  const stdin = new PassThrough();
  const world = { ...testWorld({ env }), stdin };
  const exit = main(["replay", "-", "--to", url], world);
  for (const n of [1, 2, 3]) {
    stdin.write(line(`{"n":${n}}`));
    await came(n);
  }
  stdin.end(line("{}", { verdict: "refused" }));
  expect(await exit).toBe(0);
  expect(taken).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  expect(world.stderr.text).toContain("1 rejected delivery skipped");
});

test("Ctrl-C ends it while standard input is open and nothing comes", async () => {
  const { url, came } = await app();
  const stdin = new PassThrough();
  const world = { ...testWorld({ env }), stdin };
  const exit = main(["replay", "-", "--to", url, "--concurrency", "4"], world);
  stdin.write(line("{}"));
  await came(1);
  await world.stdout.until("✓");
  world.stop();
  expect(await exit).toBe(130);
  expect(world.stderr.text).toContain("stopped after 1 delivery");
});

test("an invalid line of standard input ends replay with its number, after earlier lines were delivered", async () => {
  const { url, taken } = await app();
  const seen = await transcript(`replay - --to ${url}`, {
    env,
    stdin: `${line('{"n":1}')}${line('{"n":2}')}{"body_b64"`,
  });
  expect(taken).toHaveLength(2);
  expect(seen).toMatch(/2 passed.*standard input:3 is not JSON \(truncated\?\).*exit 2/s);
});

test("an edit that matches nothing on standard input is reported at the end", async () => {
  const { url, taken } = await app();
  const seen = await transcript(`replay - --set text.body=x --to ${url}`, { env, stdin: line('{"entry":[]}') });
  expect(taken).toHaveLength(1);
  expect(seen).toMatch(/--set text\.body: no delivery has that path.*exit 2/s);
});

test("standard input is repeated when it is small", async () => {
  const { url, taken } = await app();
  const stdin = line('{"n":1}') + line('{"n":2}');
  expect(await transcript(`replay - --repeat 2 --to ${url}`, { env, stdin })).toContain("4 passed");
  expect(taken).toEqual(['{"n":1}', '{"n":2}', '{"n":1}', '{"n":2}']);
});

test("standard input that is too large to keep cannot be repeated, and nothing is sent", async () => {
  const { url, taken } = await app();
  const stdin = line(`"${"x".repeat(5 * MB)}"`).repeat(2);
  const seen = await transcript(`replay - --repeat 2 --to ${url}`, { env, stdin });
  expect(seen).toMatch(/standard input is too large for --repeat.*exit 2/s);
  expect(taken).toEqual([]);
});

test("a file that is too large to keep is read again for each round, in order", async () => {
  const { url, taken } = await app();
  const cwd = temporaryFolder();
  const bodies = Array.from({ length: 12 }, (_, n) => `"${String(n).padEnd(1.5 * MB)}"`);
  writeFileSync(join(cwd, "many.ndjson"), bodies.map((body) => line(body)).join(""));
  expect(await transcript(`replay many.ndjson --repeat 2 --to ${url}`, { env, cwd })).toContain("24 passed");
  expect(taken.map((body) => Number(body.slice(1, 10)))).toEqual([...bodies.keys(), ...bodies.keys()]);
});

test("a line or a file that is too large is a usage error with its place", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "line.ndjson"), `{}\n{}\n"${"x".repeat(65 * MB)}"\n`);
  expect(await transcript("replay line.ndjson", { env, cwd })).toMatch(/line\.ndjson:3 is larger than 64 MB.*exit 2/s);
  writeFileSync(join(cwd, "file.json"), `[\n${`"${"x".repeat(MB)}",\n`.repeat(17)}1]`);
  expect(await transcript("replay file.json", { env, cwd })).toMatch(/file\.json is larger than 16 MB.*exit 2/s);
});

test("a payload that is nested too deeply is sent unchanged, and editing it is an error", async () => {
  const { url, taken } = await app();
  const cwd = temporaryFolder();
  const deep = "[".repeat(500_000) + "]".repeat(500_000);
  writeFileSync(join(cwd, "deep.json"), deep);
  expect(await transcript(`replay deep.json --to ${url}`, { env, cwd })).toContain("1 passed");
  expect(taken).toEqual([deep]);
  const seen = await transcript(`replay deep.json --fresh --to ${url}`, { env, cwd });
  expect(seen).toMatch(/cannot encode deep\.json: nested too deeply.*exit 2/s);
});

test("a text of nothing but escapes is encoded up to Meta's largest size, and beyond it is a usage error", async () => {
  const { url } = await app();
  const cwd = temporaryFolder();
  const file = join(cwd, "escapes.json");
  writeFileSync(file, JSON.stringify("\n".repeat(1.5 * MB)));
  expect(await transcript(`replay escapes.json --to ${url}`, { env, cwd })).toContain("1 passed");
  writeFileSync(file, JSON.stringify("\n".repeat(7 * MB)));
  expect(await transcript(`replay escapes.json --to ${url}`, { env, cwd })).toMatch(/too many escapes.*exit 2/s);
});
