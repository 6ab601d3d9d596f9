/** Runs published client libraries against the emulator and writes a table of what each one supports. */
import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { startTestEmulator } from "../emulator/test-emulator.ts";
import { chatSdk } from "./chat-sdk.ts";
import { last, type Client, type Operation } from "./client.ts";
import { EXAMPLE_NAMES } from "./examples.ts";
import { greatDetail } from "./great-detail.ts";
import { kapso } from "./kapso.ts";
import { whatsappApiJs } from "./whatsapp-api-js.ts";

const clients = [whatsappApiJs, greatDetail, kapso, chatSdk];

describe.each(clients)("$name", ({ operations }) => {
  test.each(operations)("$name", async (operation) => {
    expect(await cellOf(operation)).toBe(String(operation.refused?.code ?? "ok"));
  });
});

test("the table lists what each client supports", async () => {
  const notes: string[] = [];
  const rows = [["", ...clients.map(headOf)]];
  for (const name of rowNames()) {
    const cells = clients.map(async ({ operations }) => {
      const operation = operations.find((each) => each.name === name);
      if (operation === undefined) return "–";
      const why = operation.refused?.why ?? operation.note;
      if (why !== undefined && !notes.includes(why)) notes.push(why);
      return `${await cellOf(operation)}${why === undefined ? "" : ` [${notes.indexOf(why) + 1}]`}`;
    });
    rows.push([name, ...(await Promise.all(cells))]);
  }
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, at) => cell.padEnd((widths[at] ?? 0) + 2)).join(""));
  const numbered = notes.map((note, at) => `[${at + 1}] ${note}`);
  const text = [...lines, "", ...numbered].map((line) => `${line.trimEnd()}\n`).join("");
  await expect(text).toMatchFileSnapshot("../transcripts/clients.txt");
});

const cells = new Map<Operation, Promise<string>>();

/** Runs each operation once, for its own test and for the table. */
function cellOf(operation: Operation): Promise<string> {
  const cell = cells.get(operation) ?? judged(operation);
  cells.set(operation, cell);
  return cell;
}

/** Returns `ok` or the error code of the emulator. Throws when the result differs from the expected one. */
async function judged(operation: Operation): Promise<string> {
  const stage = await startTestEmulator();
  const expected = operation.refused?.code;
  try {
    await operation.run(stage);
  } catch (error) {
    if (expected === undefined || last(stage).error?.code !== expected) throw error;
    return String(expected);
  }
  return "ok";
}

/** Examples first, then other operations. */
function rowNames(): string[] {
  const names = new Set(clients.flatMap(({ operations }) => operations.map(({ name }) => name)));
  const [examples, others] = [EXAMPLE_NAMES.filter((name) => names.has(name)), [...names]];
  return [...new Set([...examples, ...others])];
}

function headOf({ name }: Client): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return `${name} ${devDependencies[name]}`;
}
