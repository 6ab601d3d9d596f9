/** The files of messages: from the emulator, or saved by `--save-media`. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import type { LocalResponse } from "../http/local-routes.ts";
import { extensionOf, MEDIA } from "../messages/media-types.ts";
import type { Sources } from "./sources.ts";

interface File {
  mime: string;
  bytes: Uint8Array;
}

/** As large as Meta's largest documents. */
const MAX_BYTES = 100 * 1024 * 1024;
const ID = /^[\w-]{1,100}$/;
/** Types that a browser shows and that cannot contain scripts; a PDF is downloaded, because it can. */
const SHOWN = new Set(
  [MEDIA.image, MEDIA.sticker, MEDIA.video, MEDIA.audio].flatMap(({ types }) => types.map(({ mime }) => mime)),
);

export class Media {
  readonly #sources: Sources;
  /** The names of saved files, read again when one is missing. */
  #saved: readonly string[] = [];

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Undefined when there is no file with this id. */
  urlOf(id: string): string | undefined {
    if (!ID.test(id)) return undefined;
    const has = this.#sources.emulator?.media(id) !== undefined || this.#nameOf(id) !== undefined;
    return has ? `/api/media/${id}` : undefined;
  }

  response(id: string): LocalResponse | undefined {
    const file = ID.test(id) ? (this.#sources.emulator?.media(id) ?? this.#read(id)) : undefined;
    if (file === undefined) return undefined;
    const mime = (file.mime.split(";")[0] ?? "").trim().toLowerCase();
    const isShown = SHOWN.has(mime);
    return {
      contentType: isShown ? mime : "application/octet-stream",
      body: file.bytes,
      headers: {
        "content-security-policy": "default-src 'none'; sandbox",
        ...(isShown ? {} : { "content-disposition": `attachment; filename="${id}${extensionOf(mime)}"` }),
      },
    };
  }

  #read(id: string): File | undefined {
    const folder = this.#sources.listener?.mediaFolder;
    const name = this.#nameOf(id);
    if (folder === undefined || name === undefined) return undefined;
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile() || found.size > MAX_BYTES) return undefined;
    return { mime: mimeOf(name), bytes: readFileSync(path) };
  }

  /** A file is named after its id, as `fileNameOf` does it. */
  #nameOf(id: string): string | undefined {
    const folder = this.#sources.listener?.mediaFolder;
    if (folder === undefined) return undefined;
    const isIts = (name: string) => name.startsWith(id) && /^[-.]/.test(name.slice(id.length));
    const known = this.#saved.find(isIts);
    if (known !== undefined) return known;
    this.#saved = namesIn(folder);
    return this.#saved.find(isIts);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function mimeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf(".")).toLowerCase();
  const types = Object.values(MEDIA).flatMap((kind) => kind.types);
  return types.find(({ extensions }) => extensions.includes(extension))?.mime ?? "application/octet-stream";
}
