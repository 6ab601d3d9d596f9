/** Sends signed webhooks over connections that are reused per callback URL. */
import { openPoster, type Poster } from "../../http/post.ts";
import { adviseOnFailure, adviseOnStatus } from "../../webhook/advice.ts";
import { META_HEADERS, signatures } from "../../webhook/headers.ts";

export const CONNECTIONS = 32;
const TIMEOUT_MS = 20_000;
const MAX_POSTERS = 24;

export class Posters {
  readonly #posters = new Map<string, Promise<Poster>>();

  /** Sends a body signed with the secret. Never rejects: without a response there is no status, and `advice` on any failure. */
  async post(url: URL, body: Buffer, secret: string): Promise<{ status?: number; advice?: string }> {
    try {
      const poster = await this.#posterTo(url);
      const { status } = await poster.post({ headers: [...META_HEADERS, ...signatures(body, secret)], body });
      return status === 200 ? { status } : { status, advice: adviseOnStatus(status) };
    } catch (error) {
      return { advice: adviseOnFailure(error, url.origin, TIMEOUT_MS) };
    }
  }

  async close(): Promise<void> {
    const posters = [...this.#posters.values()];
    this.#posters.clear();
    await Promise.allSettled(posters.map(async (poster) => (await poster).close()));
  }

  #posterTo(url: URL): Promise<Poster> {
    const known = this.#posters.get(url.href);
    if (known !== undefined) return known;
    const poster = openPoster(url, CONNECTIONS, TIMEOUT_MS);
    this.#posters.set(url.href, poster);
    const [oldest] = this.#posters;
    if (this.#posters.size > MAX_POSTERS && oldest !== undefined) {
      this.#posters.delete(oldest[0]);
      void oldest[1].then((old) => old.close());
    }
    return poster;
  }
}
