/** Media down to a file, piece by piece, no more of it than was announced, and whole or not at all. */
import { createHash, randomBytes } from "node:crypto";
import { linkSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { CheckFailedError, reasonOf, systemCode, UsageError } from "../errors.ts";
import type { Graph } from "./client.ts";
import type { MediaInfo, Progress } from "./media.ts";

/** The largest that WhatsApp takes is a document of 100 MB; the rest is margin. */
export const MAX_MEDIA_BYTES = 128 * 1024 * 1024;

const DRAFT = /^\.wa-hook-[0-9a-f]{12}$/;
/** Each piece that comes renews a draft, and a download ends when none comes for the time-out, which is 30 s by default. */
const ABANDONED_MS = 15 * 60 * 1000;

/**
 * Fetches a media object into a file that must not exist yet (mode 0600), piece by piece, and compares its SHA-256 with what Meta says.
 * The file is there only when all of it is right. More bytes than Meta announced are not even read.
 */
export async function saveMedia(graph: Graph, info: MediaInfo, path: string, progress?: Progress): Promise<void> {
  const draft = join(dirname(path), `.wa-hook-${randomBytes(6).toString("hex")}`);
  try {
    // Open before anything can fail: what a stream opens by itself may come to be after it was removed.
    await using file = await open(draft, "wx", 0o600);
    const { got, done } = await fetchInto(file, graph, info, progress);
    if (got !== info.sha256) throw mismatch(info, got, done);
    linkSync(draft, path);
  } catch (error) {
    throw explainSave(error, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Resolves with the SHA-256 of what came, and how much it was. */
async function fetchInto(
  file: FileHandle,
  graph: Graph,
  info: MediaInfo,
  progress: Progress | undefined,
): Promise<{ got: string; done: number }> {
  const { body, length } = await graph.download(info.url, limitOf(info));
  const hash = createHash("sha256");
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, next) {
      hash.update(chunk);
      done += chunk.length;
      progress?.(done, length ?? info.bytes);
      next(undefined, chunk);
    },
  });
  await pipeline(body, count, file.createWriteStream());
  return { got: hash.digest("hex"), done };
}

/** As many bytes as were announced, or as any media object can have. */
function limitOf({ id, bytes }: MediaInfo): number {
  if (!Number.isSafeInteger(bytes) || bytes <= 0) return MAX_MEDIA_BYTES;
  if (bytes <= MAX_MEDIA_BYTES) return bytes;
  throw new CheckFailedError(`media ${id} is announced with ${bytes} bytes, more than WhatsApp's largest file`, {
    code: "media.too-large",
    hint: "nothing was fetched; does GRAPH_API_URL lead to Meta?",
  });
}

/** Removes what a killed download has left in a folder: regular files of ours that no download has written to for a while. */
export function removeDrafts(folder: string, now: number): void {
  for (const name of draftsIn(folder)) {
    const draft = join(folder, name);
    const found = lstatSync(draft, { throwIfNoEntry: false });
    if (found?.isFile() !== true || found.uid !== (process.getuid?.() ?? found.uid)) continue;
    if (now - found.mtimeMs > ABANDONED_MS) rmSync(draft, { force: true });
  }
}

function draftsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => DRAFT.test(name));
  } catch {
    // A folder that is not there or may not be read has nothing to clean up; writing into it says what is wrong.
    return [];
  }
}

/** Throws a `CheckFailedError` when a webhook named another file. Its hash is base64, the Graph API's is hex. */
export function compareHash(info: MediaInfo, base64: string | undefined): void {
  if (base64 === undefined) return;
  const announced = Buffer.from(base64, "base64").toString("hex");
  if (announced !== info.sha256) throw mismatch(info, announced, info.bytes);
}

function mismatch({ id, sha256, bytes }: MediaInfo, got: string, done: number): CheckFailedError {
  return new CheckFailedError(`the SHA-256 of media ${id} does not match: ${got}, expected ${sha256}`, {
    code: "media.sha256",
    hint: "download it again; nothing was written",
    about: [`${done} of ${bytes} bytes received.`],
  });
}

function explainSave(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (code === "EEXIST") {
    return new UsageError(`${path} exists already, and is not written over`, {
      code: "media.exists",
      hint: "name another file with -o",
      cause: error,
    });
  }
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    return new UsageError(`${path} cannot be written: ${reasonOf(error)}`, {
      code: "media.unwritable",
      hint: "name a file in a folder that exists and may be written to",
      cause: error,
    });
  }
  return error;
}
