/** wa-hook send json: what Meta documents is sent as it is, and what wa-hook does not know is sent with a warning. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import { readOutbound } from "../../../src/messages/outbound/index.ts";
import { documentedBodies } from "../../messages/documented-bodies.ts";
import { emulated } from "../../support/emulated.ts";
import { testWorld } from "../../support/world.ts";

const env = { WHATSAPP_PHONE_NUMBER_ID: "106540352242922", WHATSAPP_ACCESS_TOKEN: "EAAGFakeTokenOfATest" };

interface Seen {
  code: number;
  body: Record<string, unknown> | undefined;
  unknown: unknown;
  stderr: string;
}

/** Sends the body from standard input with --dry-run; the body of the request, and the warning. */
async function dryRun(body: unknown, ...flags: string[]): Promise<Seen> {
  const world = testWorld({ env, stdin: JSON.stringify(body) });
  const code = await main(["send", "json", "-", "--dry-run", "--json", ...flags], world);
  const events = world.stdout.text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const of = (type: string) => events.find((event) => event["type"] === type);
  return {
    code,
    body: of("request")?.["body"] as Seen["body"],
    unknown: of("unknown")?.["paths"],
    stderr: world.stderr.text,
  };
}

const international = (to: unknown) => (typeof to === "string" && /^\d+$/.test(to) ? `+${to}` : to);

test.each(Object.entries(documentedBodies))("the documented body %s passes unchanged", async (_, body) => {
  expect(readOutbound(body)).toMatchObject({ unknown: [], summary: expect.any(String) });
  const { to, recipient, ...content } = body;
  // Of two recipients, Meta uses `to`.
  const recipients = to === undefined ? { recipient } : { to: international(to) };
  const seen = await dryRun(body);
  expect(seen).toMatchObject({ code: 0, unknown: undefined, stderr: "" });
  expect(seen.body).toMatchObject({ ...content, ...("status" in body ? {} : recipients) });
});

test("what wa-hook does not know is sent with one warning that names its paths", async () => {
  const body = {
    ...documentedBodies["reply buttons"],
    surprise: 1,
    interactive: {
      type: "button",
      header: { type: "hologram", hologram: {} },
      body: { text: "x", mood: "good" },
      action: { buttons: [{ type: "swipe", swipe: {} }] },
    },
  };
  const seen = await dryRun(body);
  expect(seen.code).toBe(0);
  expect(seen.body).toMatchObject(body);
  expect(seen.unknown).toEqual([
    "surprise",
    "interactive.header.type",
    "interactive.body.mood",
    "interactive.action.buttons[0].type",
  ]);
  const world = testWorld({
    env,
    stdin: JSON.stringify({ ...documentedBodies["text with preview"], type: "hologram" }),
  });
  expect(await main(["send", "json", "-", "--dry-run"], world)).toBe(0);
  expect(world.stderr.text).toMatch(/^! text, type: not known to wa-hook \d+\.\d+; sent as they are\n$/);
});

test("a documented refusal is an error, although another part is unknown", async () => {
  const seen = await dryRun({ ...documentedBodies["text with preview"], surprise: 1, text: { body: "" } });
  expect(seen).toMatchObject({ code: 2, body: undefined });
  expect(seen.stderr).toContain("text.body must not be empty");
});

test("keys that are null, recipients that are numbers, and groups are sent", async () => {
  const text = { type: "text", text: { body: "x", preview_url: null } };
  expect((await dryRun({ ...text, to: 16_505_551_234, recipient: null, status: null })).body).toMatchObject({
    ...text,
    to: "+16505551234",
  });
  expect((await dryRun({ ...text, to: "group-1", recipient_type: "group" })).body).toMatchObject({
    recipient_type: "group",
    to: "group-1",
  });
  expect(
    (await dryRun({ ...text, to: "group-1", recipient_type: "group" }, "--to", "+16505551234")).body,
  ).toMatchObject({ recipient_type: "individual", to: "+16505551234" });
});

test("a read receipt from a file marks the message as read", async () => {
  const emulator = await emulated();
  const { id } = await emulator.receive("Hello");
  const world = testWorld({ env: emulator.env });
  writeFileSync(join(world.cwd, "read.json"), JSON.stringify({ status: "read", message_id: id }));
  expect(await main(["send", "json", "read.json"], world)).toBe(0);
  expect(world.stderr.text).toContain(`✓ Marked as read           ${id}`);
  expect(emulator.requests.at(-1)).toMatchObject({ kind: "read", status: 200 });
});
