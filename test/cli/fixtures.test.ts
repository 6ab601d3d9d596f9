/** The output of wa-hook fixtures, --events and --speed. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { fixtures } from "../../src/webhook/fixtures.ts";
import { serve } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/fixtures-${name}.txt`;
const env = { WHATSAPP_APP_SECRET: "test-app-secret-of-32-characters", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };

test("every bundled delivery is listed with its field and its source", async () => {
  const list = await transcript("fixtures list");
  for (const { name, field } of fixtures()) {
    expect(list).toMatch(
      new RegExp(`^${name.replaceAll(".", String.raw`\.`)} +${field} +(Meta|others|invented) +\\S`, "m"),
    );
  }
  await expect(await transcript("fixtures list conversation")).toMatchFileSnapshot(golden("list"));
  expect(await transcript("fixtures list status.*")).toContain("status.failed");
  expect(await transcript("fixtures list --field calls --json")).toContain('"field":"calls"');
  expect(await transcript("fixtures list nothing-like-it")).toContain("exit 2");
});

test("a fixture is shown with edits, and as bytes", async () => {
  const seen = [
    await transcript('fixtures show text --set "text.body=50 % of café/bar" --from +4915123456789'),
    await transcript("fixtures show image.with-caption --wire"),
    await transcript("fixtures show text.emoji --wire --escape full"),
    await transcript("fixtures show text --set no.such=path"),
    await transcript("fixtures show txt"),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("show"));
  expect(await transcript("fixtures show text --fresh")).not.toBe(await transcript("fixtures show text"));
});

test("a recorded delivery is saved as a fixture, anonymized, and replayed", async () => {
  const cwd = temporaryFolder();
  const listen = await listenInBackground("", { cwd, env });
  await transcript(`replay image.with-caption --to ${listen.port}`, { cwd, env });
  await listen.stop();
  const seen = [
    await transcript("fixtures save @last", { cwd, env }),
    await transcript("fixtures save @last --anonymize -o shown.json", { cwd, env }),
    await transcript("fixtures save @last -o shown.json", { cwd, env }),
    await transcript("fixtures save 99", { cwd, env }),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("save"));
  // The earlier spelling is still accepted.
  expect(await transcript("fixtures save @last --anonymise -o alias.json --json", { cwd, env })).toContain(
    '"anonymized":true',
  );
  const shown = readFileSync(join(cwd, "shown.json"), "utf8");
  expect(shown).not.toMatch(/Sheena|16505551234|hinge/);
  expect(statSync(join(cwd, "shown.json")).mode & 0o777).toBe(0o600);
  expect(existsSync(join(cwd, "image.json"))).toBe(true);
  const again = await listenInBackground("", { cwd, env });
  expect(await transcript(`replay shown.json --to ${again.port}`, { cwd, env })).toContain("1 passed");
  expect(await again.stop()).toContain("Test Person 1");
});

test("--events limits what is printed and forwarded, records everything, and rejects unknown names", async () => {
  const cwd = temporaryFolder();
  const forwarded: string[] = [];
  const app = await serve((request, response) => {
    void text(request).then((body) => {
      forwarded.push(body);
      response.end();
    });
  });
  const listen = await listenInBackground(`--events text,status,account_* --forward-to ${app.port}`, { cwd, env });
  await transcript(`replay text image status.read account_update --to ${listen.port}`, { cwd, env });
  const seen = await listen.stop();
  for (const kind of ["text", "read", "account_update"]) expect(seen).toContain(`← ${kind}`);
  expect(seen).not.toContain("← image");
  expect(forwarded).toHaveLength(3);
  expect(await transcript("events list", { cwd, env })).toContain("image");
  const bad = [
    await transcript("listen --events text,imagge", { cwd, env }),
    await transcript("listen --events nothing_*", { cwd, env }),
    await transcript("listen --events ,", { cwd, env }),
  ];
  await expect(bad.join("\n")).toMatchFileSnapshot(golden("events"));
});

test("a conversation is replayed in order and with its timing", async () => {
  const cwd = temporaryFolder();
  const arrived: number[] = [];
  const app = await serve((_, response) => {
    arrived.push(performance.now());
    response.end();
  });
  const started = performance.now();
  const seen = await transcript(`replay conversation --speed 100 --to ${app.port}`, { cwd, env });
  await expect(seen).toMatchFileSnapshot(golden("conversation"));
  // The conversation takes 58 s; --speed 100 takes a hundredth of it.
  const last = arrived.at(-1) ?? 0;
  expect(last - started).toBeGreaterThan(570);
  expect(last - (arrived[0] ?? 0)).toBeLessThan(5000);
  expect(await transcript(`replay conversation --speed 0 --to ${app.port}`, { cwd, env })).toContain("exit 2");
});
