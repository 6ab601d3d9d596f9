/** Runs client libraries against the emulator and writes a table of what each one does with it. */
import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { startTestEmulator } from "../emulator/test-emulator.ts";
import type { Client, Operation } from "./client.ts";
import { EXAMPLE_NAMES } from "./examples.ts";

/** A test for each operation, and the table as a golden file; without the name of one it is printed. */
export function tabulate(clients: readonly Client[], transcript: string | undefined): void {
  describe.each(clients)("$name", ({ operations }) => {
    test.each(operations)("$name", async (operation) => {
      expect(await cellOf(operation)).toBe(operation.refused === undefined ? WORKS : REFUSED);
    });
  });

  test("the table lists what each client does", async () => {
    const table = await tableOf(clients);
    if (transcript === undefined) return process.stdout.write(table);
    return expect(table).toMatchFileSnapshot(transcript);
  });
}

const [WORKS, REFUSED, NOT_OFFERED] = ["●", "✗", "–"];

async function tableOf(clients: readonly Client[]): Promise<string> {
  const notes: string[] = [];
  const heads = clients.map((client, at) => [String(at + 1), headOf(client), client.address]);
  const width = Math.max(...heads.map(([, head = ""]) => head.length));
  const lines = [
    ...heads.map(([number = "", head = "", address]) => `${number.padStart(2)}  ${head.padEnd(width)}  ${address}`),
    "",
    `${WORKS} works   ${REFUSED} does not, for the reason in the note   ${NOT_OFFERED} not offered by the library, or not tried`,
  ];
  for (const [group, names] of groupsOf(clients)) {
    const first = Math.max(...names.map((name) => name.length), group.length, 34);
    lines.push("", `${group.padEnd(first)}${clients.map((_, at) => `${at + 1}`.padStart(3).padEnd(5)).join("")}`);
    for (const name of names) {
      const cells: string[] = [];
      for (const { operations } of clients) cells.push(await markOf(operations, name, notes));
      lines.push(`${name.padEnd(first)}${cells.map((cell) => `  ${cell}`.padEnd(5)).join("")}`);
    }
  }
  const lettered = notes.map((note, at) => `${letter(at)}  ${note}`);
  return [...lines, "", ...lettered].map((line) => `${line.trimEnd()}\n`).join("");
}

/** A cell, with the letter of its note. */
async function markOf(operations: readonly Operation[], name: string, notes: string[]): Promise<string> {
  const operation = operations.find((each) => each.name === name);
  if (operation === undefined) return NOT_OFFERED ?? "";
  const { refused, note } = operation;
  const why =
    refused === undefined ? note : `${typeof refused.code === "number" ? "#" : ""}${refused.code}: ${refused.why}`;
  if (why !== undefined && !notes.includes(why)) notes.push(why);
  return `${await cellOf(operation)}${why === undefined ? "" : letter(notes.indexOf(why))}`;
}

function letter(at: number): string {
  return String.fromCodePoint("a".charCodeAt(0) + at);
}

const cells = new Map<Operation, Promise<string | undefined>>();

/** Runs each operation once, for its own test and for the table. */
function cellOf(operation: Operation): Promise<string | undefined> {
  const cell = cells.get(operation) ?? judge(operation);
  cells.set(operation, cell);
  return cell;
}

/** Throws when the result differs from the expected one. */
async function judge(operation: Operation): Promise<string | undefined> {
  const stage = await startTestEmulator();
  const code = operation.refused?.code;
  try {
    await operation.run(stage);
  } catch (error) {
    const own = (error as Error | undefined)?.name;
    if (code === undefined || (code !== own && stage.emulator.requests.at(-1)?.error?.code !== code)) throw error;
    return REFUSED;
  }
  return WORKS;
}

/** The rows: the examples of messages first, then the other operations by their subject. */
function groupsOf(clients: readonly Client[]): [string, string[]][] {
  const names = [...new Set(clients.flatMap(({ operations }) => operations.map(({ name }) => name)))];
  const subject = (name: string) => /^(media|error|webhook) /.exec(name)?.[1] ?? "account";
  const others = names.filter((name) => !EXAMPLE_NAMES.includes(name));
  const of = (wanted: string) => others.filter((name) => subject(name) === wanted);
  const groups: [string, string[]][] = [
    ["Messages", EXAMPLE_NAMES.filter((name) => names.includes(name))],
    ["Media", of("media")],
    ["Account", of("account")],
    ["Errors", of("error")],
    ["Webhooks", of("webhook")],
  ];
  return groups.filter(([, rows]) => rows.length > 0);
}

function headOf({ name, version }: Client): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return `${name} ${version ?? devDependencies[name]}`.trim();
}
