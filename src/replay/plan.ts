/** Resolves names to deliveries: bundled fixtures, files, folders and recorded deliveries. */
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { bundled, fixtureNames } from "../webhook/fixture-catalog.ts";
import { suggestFixture } from "../webhook/fixture-names.ts";
import { linesOf, tooLarge } from "./lines.ts";

/** The limit for one payload; Meta sends at most 3 MB. */
const PAYLOAD_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
/** `order.expect.json` has the expectation of `order.json`. */
const EXPECT_EXTENSION = ".expect.json";

/** A delivery before editing and encoding. */
export interface Planned {
  /** The fixture's name, the file's path, or `file.ndjson:3`. */
  name: string;
  /** JSON text. */
  bytes: Buffer;
  /** Whether the bytes are sent unchanged. */
  exact: boolean;
  /** The file with its expectation, if there is one beside the file of the delivery. */
  expectFile?: string;
  /** When a recorded delivery was received, in milliseconds since 1970. */
  receivedAt?: number;
  /** A bundled fixture, which may have unknown parts on purpose. */
  bundled?: true;
}

/** Recorded deliveries that were rejected when received are skipped. */
type Step = Planned | "skipped";

export interface Plan {
  /** All deliveries in order, read on demand. */
  steps(): AsyncGenerator<Step, void, void>;
  /** Whether it can be read twice; standard input cannot. */
  again: boolean;
}

/** The sources of deliveries. */
export interface Sources {
  cwd: string;
  /** Standard input, for the name `-`. */
  stdin: AsyncIterable<Buffer | string>;
  /** A recorded delivery, for `@12` and `@last`. */
  recorded(id: string): Promise<{ id: string; body: Uint8Array; receivedAt?: number }>;
  /** Send the bytes of files unchanged. */
  raw: boolean;
}

type Source = () => Iterable<Step> | AsyncIterable<Step>;

/**
 * The deliveries of all names, in order; all bundled fixtures without a name. Throws a `UsageError` for an unknown name; the content of
 * files is checked when it is read.
 */
export async function plan(names: readonly string[], sources: Sources): Promise<Plan> {
  const planned: Source[] = names.length === 0 ? [allBundled] : [];
  for (const name of names) planned.push(await sourceOf(name, sources));
  return {
    again: !names.includes("-"),
    async *steps() {
      for (const source of planned) yield* source();
    },
  };
}

async function sourceOf(name: string, sources: Sources): Promise<Source> {
  if (name === "-") return () => read("standard input", sources.stdin, sources.raw);
  if (name.startsWith("@")) {
    const { id, body, receivedAt } = await sources.recorded(name.slice(1));
    return () => [{ name: `@${id}`, bytes: Buffer.from(body), exact: true, ...timeOf(receivedAt) }];
  }
  const matching = await bundled(name);
  if (matching.length > 0) return () => matching.map(toPlanned);
  const isId = name === "last" || /^\d+$/.test(name);
  if (isId && !existsSync(resolve(sources.cwd, name))) return sourceOf(`@${name}`, sources);
  return pathSource(name, sources);
}

async function* allBundled(): AsyncGenerator<Step, void, void> {
  for (const each of await bundled()) yield toPlanned(each);
}

function toPlanned({ name, payload }: { name: string; payload: object }): Planned {
  return { name, bytes: Buffer.from(JSON.stringify(payload)), exact: false, bundled: true };
}

async function pathSource(name: string, { cwd, raw }: Sources): Promise<Source> {
  const path = resolve(cwd, name);
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw systemCode(error) === "ENOENT" ? unknownName(name, await fixtureNames()) : unreadable(name, error);
  }
  if (!isFolder) return () => readFile(path, name, raw);
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && [".json", ".ndjson", ".jsonl"].includes(extname(entry.name)))
    .filter((entry) => !entry.name.endsWith(EXPECT_EXTENSION))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  if (files.length === 0) {
    throw new UsageError(`${name} contains no .json or .ndjson file`, {
      code: "fixture.empty-folder",
      hint: "to create one, run wa-hook fixtures show text > text.json",
    });
  }
  return async function* () {
    for (const file of files) yield* readFile(file, relative(cwd, file), raw);
  };
}

async function* readFile(path: string, name: string, raw: boolean): AsyncGenerator<Step, void, void> {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const beside = path.replace(/\.json$/, EXPECT_EXTENSION);
  const expectFile = beside !== path && existsSync(beside) ? beside : undefined;
  try {
    for await (const step of read(name, stream, raw)) {
      yield step === "skipped" || expectFile === undefined ? step : { ...step, expectFile };
    }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(name, error);
  } finally {
    stream.destroy();
  }
}

/** One payload, or one recorded delivery per line. */
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

/** Without a byte order mark. */
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
    const end = text.endsWith("\n") ? "" : " (truncated?)";
    throw notJson(place, `is not JSON${end}: ${error}`);
  }
  if (isRecorded(value)) {
    // Earlier versions export `refused`.
    const rejected = value.verdict === "rejected" || value.verdict === "refused";
    if (rejected) return "skipped";
    return { name: place, bytes: bodyOf(value, place), exact: true, ...timeOf(value.receivedAt) };
  }
  if (bytes.length > PAYLOAD_BYTES) throw tooLarge(place, PAYLOAD_BYTES);
  return { name: place, bytes: Buffer.from(text), exact: false };
}

function bodyOf({ body_b64: body }: { body_b64: unknown }, place: string): Buffer {
  if (typeof body !== "string") throw notJson(place, "has a body_b64 that is not text");
  return Buffer.from(body, "base64");
}

function timeOf(receivedAt: unknown): { receivedAt?: number } {
  return typeof receivedAt === "number" ? { receivedAt } : {};
}

function isRecorded(value: unknown): value is { body_b64: unknown; verdict?: unknown; receivedAt?: unknown } {
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
    hint: "use the JSON of a delivery or NDJSON from wa-hook events export; --raw sends a file unchanged",
  });
}

function unreadable(name: string, cause: unknown): UsageError {
  return new UsageError(`cannot read ${name}: ${reasonOf(cause)}`, {
    code: "fixture.unreadable",
    hint: "use a readable file or folder",
    cause,
  });
}

function unknownName(name: string, known: readonly string[]): UsageError {
  return new UsageError(
    name.includes("*") ? `no bundled fixture matches ${name}` : `${name} is neither a bundled fixture nor a file`,
    {
      code: "fixture.unknown",
      hint: suggestFixture(name, known),
    },
  );
}
