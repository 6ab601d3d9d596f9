/** What is to be delivered: bundled fixtures, files, folders, recorded deliveries; each becomes bytes. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { bundled, suggestFixture } from "../webhook/fixtures.ts";

/** Something to deliver, before it is changed and encoded. */
export interface Planned {
  /** The fixture's name, the file's path, or `file.ndjson:3`. */
  name: string;
  /** JSON text. */
  bytes: Buffer;
  /** The bytes are Meta's own: they are sent as they are. */
  exact: boolean;
}

export interface Plan {
  planned: Planned[];
  /** Recorded deliveries that had been refused when they came: they are not sent again. */
  leftOut: number;
}

/** Where names are looked up. */
export interface Places {
  cwd: string;
  /** Standard input, for the name `-`. */
  stdin(): Promise<Buffer>;
  /** A recorded delivery, for `@12` and `@last`. */
  recorded(id: string): Promise<{ id: string; body: Uint8Array }>;
  /** Files hold Meta's bytes and are sent as they are. */
  raw: boolean;
}

/** Everything that the names mean, in their order; all bundled fixtures when there is no name. Throws a `UsageError` for what is not there. */
export async function plan(names: readonly string[], places: Places): Promise<Plan> {
  if (names.length === 0) return { planned: bundled().map(toPlanned), leftOut: 0 };
  const all: Plan = { planned: [], leftOut: 0 };
  for (const name of names) {
    const { planned, leftOut } = await planOne(name, places);
    all.planned.push(...planned);
    all.leftOut += leftOut;
  }
  return all;
}

async function planOne(name: string, places: Places): Promise<Plan> {
  if (name === "-") return parseFile("standard input", await places.stdin(), places.raw);
  if (name.startsWith("@")) {
    const { id, body } = await places.recorded(name.slice(1));
    return { planned: [{ name: `@${id}`, bytes: Buffer.from(body), exact: true }], leftOut: 0 };
  }
  const meant = bundled(name);
  return meant.length > 0 ? { planned: meant.map(toPlanned), leftOut: 0 } : readPath(name, places);
}

function toPlanned({ name, payload }: { name: string; payload: object }): Planned {
  return { name, bytes: Buffer.from(JSON.stringify(payload)), exact: false };
}

function readPath(name: string, { cwd, raw }: Places): Plan {
  const path = resolve(cwd, name);
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw systemCode(error) === "ENOENT" ? unknownName(name) : unreadable(name, error);
  }
  if (!isFolder) return readFile(path, name, raw);
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && [".json", ".ndjson", ".jsonl"].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  if (files.length === 0) {
    throw new UsageError(`${name} holds no .json or .ndjson file`, {
      code: "fixture.empty-folder",
      hint: "name a folder with deliveries in it; wa-hook fixtures show text > text.json makes one",
    });
  }
  const plans = files.map((file) => readFile(file, relative(cwd, file), raw));
  return {
    planned: plans.flatMap(({ planned }) => planned),
    leftOut: plans.reduce((sum, { leftOut }) => sum + leftOut, 0),
  };
}

function readFile(path: string, name: string, raw: boolean): Plan {
  try {
    return parseFile(name, readFileSync(path), raw);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(name, error);
  }
}

/** One payload, or one recorded delivery a line. */
function parseFile(name: string, bytes: Buffer, raw: boolean): Plan {
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  const lines = text.split("\n");
  const first = parse(lines.find((line) => line.trim() !== "") ?? "");
  if (isRecorded(first.value) || /\.(ndjson|jsonl)$/.test(name)) return parseLines(name, lines);
  if (raw) return { planned: [{ name, bytes, exact: true }], leftOut: 0 };
  if (text.trim() === "") throw notJson(name, "is empty");
  const { error } = parse(text);
  if (error !== undefined) throw notJson(name, `is not JSON: ${error}`);
  return { planned: [{ name, bytes: Buffer.from(text), exact: false }], leftOut: 0 };
}

function parseLines(name: string, lines: readonly string[]): Plan {
  const all: Plan = { planned: [], leftOut: 0 };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const place = `${name}:${index + 1}`;
    const { value, error } = parse(line);
    if (error !== undefined) {
      const end = index === lines.length - 1 ? ", perhaps cut off" : "";
      throw notJson(place, `is not JSON${end}: ${error}`);
    }
    if (!isRecorded(value)) all.planned.push({ name: place, bytes: Buffer.from(line), exact: false });
    else if (value.verdict === "refused") all.leftOut++;
    else all.planned.push({ name: place, bytes: bodyOf(value, place), exact: true });
  }
  if (all.planned.length === 0 && all.leftOut === 0) throw notJson(name, "is empty");
  return all;
}

function bodyOf({ body_b64: body }: { body_b64: unknown }, place: string): Buffer {
  if (typeof body !== "string") throw notJson(place, "has a body_b64 that is no text");
  return Buffer.from(body, "base64");
}

function isRecorded(value: unknown): value is { body_b64: unknown; verdict?: unknown } {
  return typeof value === "object" && value !== null && "body_b64" in value;
}

function parse(text: string): { value?: unknown; error?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { error: reasonOf(error) };
  }
}

function notJson(name: string, problem: string): UsageError {
  return new UsageError(`${name} ${problem}`, {
    code: "fixture.not-json",
    hint: "a fixture is a delivery's JSON, or NDJSON from wa-hook events export; --raw sends a file as it is",
  });
}

function unreadable(name: string, cause: unknown): UsageError {
  return new UsageError(`${name} cannot be read: ${reasonOf(cause)}`, {
    code: "fixture.unreadable",
    hint: "name a readable file or folder",
    cause,
  });
}

function unknownName(name: string): UsageError {
  return new UsageError(`${name} is neither a bundled fixture nor a file`, {
    code: "fixture.unknown",
    hint: suggestFixture(name),
  });
}
