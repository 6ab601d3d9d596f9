/** In-memory store for media of the business and of customers. When it is full, the oldest media is removed. */
import { createHash } from "node:crypto";

import type { Clock } from "../clock.ts";
import { hexOf, type Ids } from "../ids.ts";

export interface Media {
  id: string;
  mime: string;
  bytes: Buffer;
  /** In hex; webhooks contain it in base64. */
  sha256: string;
  /** In milliseconds since 1970. */
  expiresAt: number;
}

const MAX_BYTES = 200 * 1024 * 1024;
const MAX_FILES = 10_000;
const DAY_MS = 86_400_000;
/** How long an id is valid, by source. */
const LIFETIME_MS = { uploaded: 30 * DAY_MS, received: 7 * DAY_MS };
const URL_SECONDS = 300;
const PATH = "/whatsapp_business/attachments/";

export class MediaStore {
  readonly #media = new Map<string, Media>();
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #seed: string;
  #size = 0;

  constructor(seed: string, clock: Clock, ids: Ids) {
    this.#seed = seed;
    this.#clock = clock;
    this.#ids = ids;
  }

  add(bytes: Buffer, mime: string, source: keyof typeof LIFETIME_MS, id = this.#ids.digits("media")): Media {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const media = { id, mime, bytes, sha256, expiresAt: this.#clock.now() + LIFETIME_MS[source] };
    this.#media.set(id, media);
    this.#size += bytes.length;
    for (const [oldest] of this.#media) {
      if (this.#size <= MAX_BYTES && this.#media.size <= MAX_FILES) break;
      this.remove(oldest);
    }
    return media;
  }

  get(id: string): Media | undefined {
    const media = this.#media.get(id);
    if (media === undefined || media.expiresAt > this.#clock.now()) return media;
    this.remove(id);
    return undefined;
  }

  remove(id: string): void {
    this.#size -= this.#media.get(id)?.bytes.length ?? 0;
    this.#media.delete(id);
  }

  /** A download URL, valid for 5 minutes. */
  urlOf({ id }: Media, origin: string, source?: "webhook"): string {
    const ext = this.#clock.seconds() + URL_SECONDS;
    const from = source === undefined ? "" : `&source=${source}`;
    return `${origin}${PATH}?mid=${id}${from}&ext=${ext}&hash=${this.#hash(id, ext)}`;
  }

  /** Resolves the query of a download URL to its media, or to an HTTP error status. */
  fetch(query: Readonly<Record<string, string>>): Media | 403 | 404 {
    const { mid = "", ext = "", hash } = query;
    if (hash !== this.#hash(mid, Number(ext))) return 403;
    if (Number(ext) <= this.#clock.seconds()) return 404;
    return this.get(mid) ?? 404;
  }

  #hash(id: string, ext: number): string {
    return `ATemulated${hexOf(`${this.#seed} ${id} ${ext}`).slice(0, 24)}`;
  }
}
