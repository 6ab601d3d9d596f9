/** What `verify` reads: a recorded delivery, exported lines, a request as a tool printed it, or the raw bytes of a body. */
import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";

import { reasonOf, UsageError } from "../../errors.ts";
import { parseObject } from "../../json.ts";
import { linesOf, type Line } from "../../replay/lines.ts";
import { readExportLine } from "../../store/import.ts";
import type { World } from "../../terminal/world.ts";
import { SIGNATURE_HEADER } from "../../webhook/signature.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { readDump, type Header } from "./request-dump.ts";

/** One delivery with the headers that are known of it. */
export interface Capture {
  /** `@12`, the file's name, or `received.ndjson:3`. */
  name: string;
  headers: readonly Header[];
  body: Buffer;
  /** The length that the request announced, when the capture has another one. */
  announced?: number;
}

interface Wanted {
  delivery: string;
  store: string | undefined;
  /** Instead of those in the capture. */
  headers: readonly Header[];
}

/** Meta sends at most 3 MB. */
const MAX_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** Each delivery in the input; more than one only of exported lines. Throws a `UsageError` for unusable input. */
export async function* capturesOf({ delivery, store, headers }: Wanted, world: World): AsyncGenerator<Capture> {
  const isId = delivery.startsWith("@") || (/^(\d+|last)$/.test(delivery) && !existsSync(resolve(world.cwd, delivery)));
  if (isId) {
    await using recorded = await openRecorded(store, world);
    const { id, body, headers: received } = await recorded.find(delivery);
    return yield { name: `@${id}`, headers: merged(received, headers), body: Buffer.from(body) };
  }
  const name = delivery === "-" ? "standard input" : delivery;
  for await (const capture of read(name, chunksOf(delivery, world))) {
    yield { ...capture, headers: merged(capture.headers, headers) };
  }
}

/** The given headers replace those of the same name. */
function merged(captured: readonly Header[], given: readonly Header[]): Header[] {
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  return [...captured.filter(([name]) => !names.has(name.toLowerCase())), ...given];
}

async function* read(name: string, chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Capture> {
  const kept: Buffer[] = [];
  let size = 0;
  let exported: boolean | undefined;
  for await (const lines of linesOf(name, chunks)) {
    exported ??= lines[0] !== undefined && isExported(lines[0]);
    if (exported) {
      yield* exportedCaptures(name, lines);
      continue;
    }
    for (const { bytes } of lines) {
      kept.push(bytes);
      size += bytes.length;
    }
    if (size > MAX_BYTES) throw unusable(`${name} is larger than ${MAX_BYTES / 1024 / 1024} MB`);
  }
  if (exported === true) return;
  if (size === 0) throw unusable(`${name} is empty`);
  const bytes = Buffer.concat(kept);
  const dump = readDump(bytes);
  yield dump === undefined ? { name, headers: [], body: bytes } : { name, ...dump };
}

function isExported({ bytes }: Line): boolean {
  const line = parseObject(textOf(bytes));
  return line !== undefined && Object.hasOwn(line, "body_b64");
}

function* exportedCaptures(name: string, lines: readonly Line[]): Generator<Capture, void, void> {
  for (const { bytes, number } of lines) {
    const text = textOf(bytes);
    if (text.trim() === "") continue;
    const read = readExportLine(text);
    if (typeof read === "string") throw unusable(`${name}:${number} ${read}`);
    yield { name: `${name}:${number}`, headers: read.headers, body: Buffer.from(read.body) };
  }
}

/** Without a byte order mark. */
function textOf(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

async function* chunksOf(file: string, { cwd, stdin }: World): AsyncGenerator<Buffer | string, void, void> {
  if (file === "-") return yield* stdin;
  const stream = createReadStream(resolve(cwd, file), { highWaterMark: CHUNK_BYTES });
  try {
    yield* stream;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw unusable(`cannot read ${file}: ${reasonOf(cause)}`, cause);
  } finally {
    stream.destroy();
  }
}

/** The value of a header as `node:http` gives it: those sent more than once are joined. */
export function headerOf({ headers }: Pick<Capture, "headers">, wanted = SIGNATURE_HEADER): string | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(", ");
}

function unusable(message: string, cause?: unknown): UsageError {
  return new UsageError(message, {
    code: "verify.unusable",
    hint: "use @12, @last, a file with the raw body or the raw request, or NDJSON from wa-hook events export",
    ...(cause === undefined ? {} : { cause }),
  });
}
