/** What is to be delivered: bundled fixtures, files, folders, recorded deliveries; each becomes bytes. */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { bundled, suggestFixture } from "../webhook/fixtures.ts";
import { linesOf, tooLarge } from "./lines.ts";

/** One payload; Meta sends 3 MB at most. */
const PAYLOAD_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** Something to deliver, before it is changed and encoded. */
export interface Planned {
  /** The fixture's name, the file's path, or `file.ndjson:3`. */
  name: string;
  /** JSON text. */
  bytes: Buffer;
  /** The bytes are Meta's own: they are sent as they are. */
  exact: boolean;
}

/** Recorded deliveries that had been refused when they came are not sent again. */
type Step = Planned | "left out";

export interface Plan {
  /** Everything in its order, read while it is asked for. */
  steps(): AsyncGenerator<Step, void, void>;
  /** Whether it can be read a second time: standard input cannot. */
  again: boolean;
}

/** Where names are looked up. */
export interface Places {
  cwd: string;
  /** Standard input, for the name `-`. */
  stdin: AsyncIterable<Buffer | string>;
  /** A recorded delivery, for `@12` and `@last`. */
  recorded(id: string): Promise<{ id: string; body: Uint8Array }>;
  /** Files hold Meta's bytes and are sent as they are. */
  raw: boolean;
}

type Source = () => Iterable<Step> | AsyncIterable<Step>;

/**
 * Everything that the names mean, in their order; all bundled fixtures when there is no name. Throws a `UsageError` for what is not
 * there; what is in a file is found out when it is read.
 */
export async function plan(names: readonly string[], places: Places): Promise<Plan> {
  const sources: Source[] = names.length === 0 ? [() => bundled().map(toPlanned)] : [];
  for (const name of names) sources.push(await sourceOf(name, places));
  return {
    again: !names.includes("-"),
    async *steps() {
      for (const source of sources) yield* source();
    },
  };
}

async function sourceOf(name: string, places: Places): Promise<Source> {
  if (name === "-") return () => read("standard input", places.stdin, places.raw);
  if (name.startsWith("@")) {
    const { id, body } = await places.recorded(name.slice(1));
    return () => [{ name: `@${id}`, bytes: Buffer.from(body), exact: true }];
  }
  const meant = bundled(name);
  return meant.length > 0 ? () => meant.map(toPlanned) : pathSource(name, places);
}

function toPlanned({ name, payload }: { name: string; payload: object }): Planned {
  return { name, bytes: Buffer.from(JSON.stringify(payload)), exact: false };
}

function pathSource(name: string, { cwd, raw }: Places): Source {
  const path = resolve(cwd, name);
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw systemCode(error) === "ENOENT" ? unknownName(name) : unreadable(name, error);
  }
  if (!isFolder) return () => readFile(path, name, raw);
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
  return async function* () {
    for (const file of files) yield* readFile(file, relative(cwd, file), raw);
  };
}

async function* readFile(path: string, name: string, raw: boolean): AsyncGenerator<Step, void, void> {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    yield* read(name, stream, raw);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(name, error);
  } finally {
    stream.destroy();
  }
}

/** One payload, or one recorded delivery a line. */
async function* read(
  name: string,
  chunks: AsyncIterable<Buffer | string>,
  raw: boolean,
): AsyncGenerator<Step, void, void> {
  const whole: Buffer[] = [];
  let [size, steps] = [0, 0];
  let inLines = /\.(ndjson|jsonl)$/.test(name) ? true : undefined;
  for await (const lines of linesOf(name, chunks)) {
    for (const { bytes, number } of lines) {
      const text = inLines === false ? "" : textOf(bytes);
      const isBlank = text.trim() === "";
      if (!isBlank) inLines ??= isRecorded(parse(text).value);
      if (!isBlank) steps++;
      if (!isBlank && inLines === true) yield stepOf({ bytes, text, place: `${name}:${number}` });
      if (inLines === true) continue;
      whole.push(bytes);
      size += bytes.length;
    }
    if (size > PAYLOAD_BYTES) throw tooLarge(name, PAYLOAD_BYTES);
  }
  if (inLines !== true) yield payloadOf(name, Buffer.concat(whole), raw);
  else if (steps === 0) throw notJson(name, "is empty");
}

/** Without the mark that some editors put at the beginning. */
function textOf(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

function payloadOf(name: string, bytes: Buffer, raw: boolean): Planned {
  if (raw) return { name, bytes, exact: true };
  const text = textOf(bytes);
  if (text.trim() === "") throw notJson(name, "is empty");
  const { error } = parse(text);
  if (error !== undefined) throw notJson(name, `is not JSON: ${error}`);
  return { name, bytes: Buffer.from(text), exact: false };
}

function stepOf({ bytes, text, place }: { bytes: Buffer; text: string; place: string }): Step {
  const { value, error } = parse(text);
  if (error !== undefined) {
    const end = text.endsWith("\n") ? "" : ", perhaps cut off";
    throw notJson(place, `is not JSON${end}: ${error}`);
  }
  if (isRecorded(value)) {
    return value.verdict === "refused" ? "left out" : { name: place, bytes: bodyOf(value, place), exact: true };
  }
  if (bytes.length > PAYLOAD_BYTES) throw tooLarge(place, PAYLOAD_BYTES);
  return { name: place, bytes: Buffer.from(text), exact: false };
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
