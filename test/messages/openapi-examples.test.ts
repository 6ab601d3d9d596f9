/** Meta's examples of messages: each shape in its OpenAPI document is accepted by `send json` and by the emulator. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { describe, expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { prepare, QUIET, startTestEmulator } from "../emulator/test-emulator.ts";
import { testWorld } from "../support/world.ts";

/**
 * A request in the shape of the example with this name, with values of our own. Source: Meta, "Business Messaging API" v23.0 (OpenAPI):
 * the examples of `/{Phone-Number-ID}/messages` and `/{Phone-Number-ID}/marketing_messages`. "As parsed": where the document has an unquoted
 * Yes or No as a text, which YAML reads as a boolean.
 */
interface Example {
  request: object;
  /** The template that the message needs. */
  template?: { name: string };
  /** Why Meta itself refuses its example. */
  broken?: string;
}

interface Result {
  dryRun: string;
  emulator: string;
}

const FOLDER = "test/evidence/outbound";
const files = readdirSync(FOLDER).map((file) => ({ name: basename(file, ".json"), examples: read(file) }));
const results = new Map<Example, Promise<Result>>();

describe.each(files)("$name", ({ name, examples }) => {
  test.each(examples)("%s", async (_, example) => {
    const { dryRun: printed, emulator } = await resultOf(example, name);
    const isAccepted = printed === "●" && emulator === "●";
    expect(isAccepted, `${printed} ${emulator}`).toBe(example.broken === undefined);
  });
});

test("the table lists every example of Meta", async () => {
  const width = Math.max(...files.flatMap(({ examples }) => examples.map(([name]) => name.length)));
  const lines: string[] = [];
  for (const { name, examples } of files) {
    lines.push("", `${name.padEnd(width)}  send json  emulator`);
    for (const [title, example] of examples) {
      const { dryRun: printed, emulator } = await resultOf(example, name);
      const cells = `${title.padEnd(width)}  ${printed.padEnd(9)}  ${emulator.padEnd(8)}`;
      lines.push(`${cells}${example.broken === undefined ? "" : `  ${example.broken}`}`.trimEnd());
    }
  }
  const head =
    "The examples of messages in Meta's OpenAPI document v23.0, with values of our own: ● accepted, ✗ refused";
  await expect(`${[head, ...lines].join("\n")}\n`).toMatchFileSnapshot("../transcripts/openapi-examples.txt");
});

function read(file: string): [string, Example][] {
  return Object.entries(JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Record<string, Example>);
}

/** Sends each example once, for its own test and for the table. */
function resultOf(example: Example, file: string): Promise<Result> {
  const send = async () => ({ dryRun: await dryRun(example), emulator: await sendExample(example, file) });
  const result = results.get(example) ?? send();
  results.set(example, result);
  return result;
}

/** `●`, or what `wa-hook send json --dry-run` says. */
async function dryRun({ request, broken }: Example): Promise<string> {
  const world = testWorld({ env: { WHATSAPP_PHONE_NUMBER_ID: "106540352242922" }, stdin: JSON.stringify(request) });
  const code = await main(["send", "json", "-", "--dry-run"], world);
  if (code !== 0) return broken === undefined ? `✗ ${world.stderr.text}` : "✗";
  return world.stderr.text === "" ? "●" : `! ${world.stderr.text}`;
}

/** `●`, or the error of the emulator. */
async function sendExample({ request, template, broken }: Example, file: string): Promise<string> {
  const stage = await startTestEmulator({ ...QUIET, templates: { decision: "approve", afterMs: 0 } });
  const { phoneNumberId, businessAccountId } = stage.emulator.account;
  if (template !== undefined) {
    const made = await stage.ask(`/v25.0/${businessAccountId}/message_templates`, { json: template });
    if (made.status !== 200) return `template ${made.text}`;
  }
  const edge = file === "marketing-messages" ? file.replace("-", "_") : "messages";
  const { status, json, text } = await stage.ask(`/v25.0/${phoneNumberId}/${edge}`, {
    json: await prepare(request, stage),
  });
  if (status === 200) return "●";
  return broken === undefined ? `✗ ${text}` : `✗ ${json.error.code}`;
}
