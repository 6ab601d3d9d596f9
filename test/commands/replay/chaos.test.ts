/** `wa-hook replay --chaos`: deliveries with Meta's habits, and what the app did with them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";

import { describe, expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import type { ChaosResult } from "../../../src/commands/replay/chaos.ts";
import { verify } from "../../../src/webhook/signature.ts";
import { freePort, serve } from "../../support/http.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const env = { PATH: process.env["PATH"] ?? "", WHATSAPP_APP_SECRET: "test-app-secret" };

/** An app that responds with these statuses, the last of them from then on, and keeps what came. */
async function app(...statuses: number[]) {
  const bodies: Buffer[] = [];
  const { url } = await serve((request, response) => {
    void buffer(request).then((body) => {
      if (verify(body, request.headers["x-hub-signature-256"], env.WHATSAPP_APP_SECRET)) bodies.push(body);
      response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200).end();
    });
  });
  return { url, bodies };
}

async function chaos(argv: readonly string[]) {
  const world = testWorld({ env });
  const exitCode = await main(["replay", ...argv, "--json"], world);
  const events = world.stdout.text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { type: string });
  const result = events.find(({ type }) => type === "chaos") as (ChaosResult & { type: string }) | undefined;
  return { exitCode, events, result };
}

describe("an app", () => {
  test("gets the same signed bytes for the same seed, and others for another", async () => {
    const received = async (seed: string) => {
      const { url, bodies } = await app();
      const kinds = "duplicates,reorder,batch,stale,burst,retry";
      const { exitCode } = await chaos([
        "text*",
        "status.*",
        "--repeat",
        "2",
        "--chaos",
        kinds,
        "--seed",
        seed,
        "--to",
        url,
      ]);
      expect(exitCode).toBe(0);
      return bodies.map(String).toSorted();
    };
    const first = await received("one");
    expect(await received("one")).toEqual(first);
    expect(await received("other")).not.toEqual(first);
  });

  test("that responds with anything but 200 gets the same bytes again until it accepts them", async () => {
    const { url, bodies } = await app(500, 503, 202, 200);
    const { exitCode, result, events } = await chaos(["text", "--chaos", "retry", "--time-scale", "1000", "--to", url]);
    expect(exitCode).toBe(0);
    expect(bodies).toHaveLength(4);
    expect(new Set(bodies.map(String)).size).toBe(1);
    expect(result?.kinds).toEqual([
      { kind: "retry", deliveries: 1, accepted: 1, rejected: 0, unanswered: 0, retries: 3 },
    ]);
    expect(events[0]).toMatchObject({ status: 200, chaos: { attempts: 4 } });
  });

  test("that never accepts is reported after the last retry", async () => {
    const { url, bodies } = await app(500);
    const { exitCode, result } = await chaos(["text", "--chaos", "retry", "--time-scale", "100000", "--to", url]);
    expect([exitCode, bodies.length]).toEqual([1, 8]);
    expect(result?.kinds[0]).toMatchObject({ accepted: 0, rejected: 1, retries: 7 });
  });

  test("where nothing responds is an error", async () => {
    const line = `replay text --chaos duplicates --to ${await freePort()}`;
    expect(await transcript(line, { env })).toMatch(/connection refused.*exit 4/s);
  });
});

describe("a bot", () => {
  const BOT = readFileSync(resolve("test/apps/sample-bot.js"), "utf8");
  const run = async (source: string) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "bot.mjs"), source);
    const line = "replay text text.user-id image --chaos duplicates --seed a --start 'node bot.mjs' --emulate";
    return transcript(`${line} --to ${await freePort()}`, { cwd, env });
  };

  test("that answers each message once passes", async () => {
    expect(await run(BOT)).toMatch(
      /✓ Answered once +\d delivered more than once, \d of them answered, none twice.*exit 0/s,
    );
  });

  test("that answers a message twice fails, and both requests and the message are named", async () => {
    const seen = await run(BOT.replace("if (seen.has(id)) return;", ""));
    expect(seen).toMatch(/✗ Answered once +a text ".*" to \S+ at \S+ and a text ".*" to \S+ at/s);
    expect(seen.replaceAll(/\s+/g, " ")).toMatch(/one answer to \S+ \(wamid\.\S+\), which was delivered 2 times/);
    expect(seen).toMatch(/answered twice.*exit 1/s);
  });
});

test("chaos is refused with what has an order of its own", async () => {
  for (const flags of ["--rate 5/s", "--speed 2", "--tampered", "--record a.json"]) {
    expect(await transcript(`replay text --chaos stale ${flags} --to 1`, { env })).toMatch(
      /--chaos cannot be combined.*exit 2/s,
    );
  }
  expect(await transcript("replay text --chaos duplicate --to 1", { env })).toContain(
    "must be one or more of duplicates,",
  );
  expect(await transcript("replay text --seed a --to 1", { env })).toContain("--seed requires --chaos");
});
