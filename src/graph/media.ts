/** Media: files that can be sent, and up from a file with progress, never more than a piece of it in memory. Source: Meta, "Media", Cloud API. */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { Readable } from "node:stream";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { hasMagicBytes, extensionOf, MEDIA, mediaKindOf, type MediaKind } from "../messages/media-types.ts";
import type { Graph } from "./client.ts";

/** A file that can be sent. */
export interface MediaFile {
  path: string;
  name: string;
  kind: MediaKind;
  mime: string;
  bytes: number;
}

/** Reported while bytes move; `total` is not always known. */
export type Progress = (done: number, total: number | undefined) => void;

/** What Meta says of a media object. */
export interface MediaInfo {
  id: string;
  /** Valid for five minutes, with the token. */
  url: string;
  mime: string;
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

/**
 * Checks a file before it is sent. Throws a `UsageError` when it is missing, empty, too large, or of a type that such a message does not
 * accept; without `kind`, any type that some message accepts is valid.
 */
export async function mediaFile(path: string, kind?: MediaKind): Promise<MediaFile> {
  const bytes = await sizeOf(path);
  const ending = extname(path).toLowerCase();
  const found = kind === undefined ? mediaKindOf(ending) : within(kind, ending);
  if (found === undefined) {
    const endings = kind === undefined ? [] : MEDIA[kind].types.flatMap((type) => type.extensions);
    throw refused(
      path,
      `is not of a type that ${kind === undefined ? "messages accept" : `${article(kind)} message accepts`}${ending === "" ? "" : ` (${ending})`}`,
      {
        code: "media.type",
        hint: endings.length === 0 ? "wa-hook send --help names the kinds of media" : `use ${endings.join(", ")}`,
      },
    );
  }
  const { type } = found;
  const { maxBytes } = MEDIA[found.kind];
  if (bytes === 0) throw refused(path, "is empty", { code: "media.empty", hint: "name a file with something in it" });
  if (bytes > maxBytes) {
    const hint =
      found.kind === "document" ? "make it smaller" : "make it smaller, or send it as a document (up to 100 MB)";
    const [has, may] =
      size(bytes) === size(maxBytes) ? [`${bytes} bytes`, `${maxBytes}`] : [size(bytes), size(maxBytes)];
    throw refused(path, `has ${has}; ${article(found.kind)} may have ${may}`, {
      code: "media.size",
      hint,
    });
  }
  if (!hasMagicBytes(type, await beginning(path))) {
    throw refused(path, `ends in ${ending} and holds no ${type.mime}`, {
      code: "media.mismatch",
      hint: "convert it, or give it the ending of what it really is: Meta refuses what does not match (131053)",
    });
  }
  return { path, name: basename(path), kind: found.kind, mime: type.mime, bytes };
}

function within(kind: MediaKind, ending: string): ReturnType<typeof mediaKindOf> {
  const type = MEDIA[kind].types.find(({ extensions }) => extensions.includes(ending));
  return type === undefined ? undefined : { kind, type };
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    const reason = systemCode(error) === "ENOENT" ? "does not exist" : `cannot be read: ${reasonOf(error)}`;
    throw refused(path, reason, { code: "media.unreadable", hint: "name a file, an https:// address or a media id" });
  }
  throw refused(path, "is not a file", {
    code: "media.unreadable",
    hint: "name a file, an https:// address or a media id",
  });
}

async function beginning(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw refused(path, `cannot be read: ${reasonOf(error)}`, { code: "media.unreadable", hint: "make it readable" });
  }
}

function refused(path: string, reason: string, details: { code: string; hint: string }): UsageError {
  return new UsageError(`${path} ${reason}`, details);
}

function article(kind: MediaKind): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** `303 kB`, `4.2 MB`, `1.5 GB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  if (bytes < 1024 ** 3) return `${Number((bytes / 1024 / 1024).toFixed(1))} MB`;
  return `${Number((bytes / 1024 ** 3).toFixed(1))} GB`;
}

/** Uploads a file; resolves with its media id, which Meta keeps for 30 days. */
export async function uploadMedia(
  graph: Graph,
  phoneNumberId: string,
  file: MediaFile,
  progress?: Progress,
): Promise<string> {
  const boundary = `wa-hook-${randomBytes(16).toString("hex")}`;
  const part = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}`;
  const name = file.name.replaceAll(/["\r\n]/g, "_");
  const before = Buffer.from(
    [
      `${part('name="messaging_product"')}\r\n\r\nwhatsapp\r\n`,
      `${part('name="type"')}\r\n\r\n${file.mime}\r\n`,
      `${part(`name="file"; filename="${name}"`)}\r\nContent-Type: ${file.mime}\r\n\r\n`,
    ].join(""),
  );
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  const stream = Readable.from(parts(before, file, after, progress), { objectMode: false });
  const length = before.length + file.bytes + after.length;
  const { body } = await graph.request<{ id: string | number }>({
    method: "POST",
    path: `${encodeURIComponent(phoneNumberId)}/media`,
    body: { stream, type: `multipart/form-data; boundary=${boundary}`, length },
  });
  return String(body.id);
}

async function* parts(before: Buffer, file: MediaFile, after: Buffer, progress?: Progress): AsyncGenerator<Buffer> {
  yield before;
  let done = 0;
  // What is added to the file meanwhile is not sent: the length is already sent.
  for await (const chunk of createReadStream(file.path, { end: file.bytes - 1 }) as AsyncIterable<Buffer>) {
    yield chunk;
    done += chunk.length;
    progress?.(done, file.bytes);
  }
  yield after;
}

/** What Meta knows of a media id: those of received messages resolve for 7 days, uploaded ones for 30. */
export async function mediaInfo(graph: Graph, id: string): Promise<MediaInfo> {
  const { body } = await graph.request({ path: encodeURIComponent(id) });
  return {
    id,
    url: String(body["url"]),
    mime: String(body["mime_type"]),
    sha256: String(body["sha256"]).toLowerCase(),
    bytes: Number(body["file_size"]),
  };
}

/** A name for a file of this media object, of letters that are safe everywhere; what the sender called it comes last. */
export function fileNameOf({ id, mime }: Pick<MediaInfo, "id" | "mime">, called = ""): string {
  const ending = extensionOf(mime);
  const name = basename(called, extname(called)).replaceAll(/[^\p{L}\p{N}_-]+/gu, "-");
  const whole = [id.replaceAll(/[^\w-]/g, "_"), name].filter(Boolean).join("-");
  return `${startOf(whole, MAX_NAME_BYTES)}${ending}`;
}

/** File systems take 255 bytes. */
const MAX_NAME_BYTES = 200;

/** As many whole characters as fit into so many bytes. */
function startOf(text: string, maxBytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
