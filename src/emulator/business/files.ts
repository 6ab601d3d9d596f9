/** Files behind URLs that need no token, as on Meta's content network: profile pictures, QR codes, the JSON of flows. */
import { Bounded } from "../bounded.ts";

interface PublicFile {
  mime: string;
  bytes: Buffer;
}

const MAX_FILES = 1000;
const MAX_BYTES = 64 * 1024 * 1024;

export class PublicFiles {
  readonly #files = new Bounded<PublicFile>(MAX_FILES);

  /** Replaces an earlier file of the same name. When the store is full, the oldest file is removed. */
  put(name: string, file: PublicFile): void {
    this.#files.delete(name);
    this.#files.set(name, file);
    for (const [oldest] of this.#files) {
      if (this.#size() <= MAX_BYTES) break;
      this.#files.delete(oldest);
    }
  }

  get(name: string): PublicFile | undefined {
    return this.#files.get(name);
  }

  #size(): number {
    let size = 0;
    for (const { bytes } of this.#files.values()) size += bytes.length;
    return size;
  }
}

export const FILES_PATH = "/whatsapp_business/files";

/** The URL of a file on the emulator. */
export function fileUrl(origin: string, name: string): string {
  return `${origin}${FILES_PATH}/${name}`;
}
