/** Server-sent events for any number of readers, in bounded memory: a slow reader loses events and is notified of it. */
import type { ServerResponse } from "node:http";

import { problem, type LocalRequest, type LocalResponse, type LocalStream } from "./local-routes.ts";

/** Events that a reader can still get when it connects again. */
const RING = { events: 1000, bytes: 4 * 1024 * 1024 };
/** A reader with more unsent bytes loses events until it has read them. */
const MAX_UNSENT = 512 * 1024;
/** A page holds one; each tab has its own. */
const MAX_READERS = 32;
/** Shorter than any proxy waits, and than the timeout of our own server. */
const KEEP_ALIVE_MS = 10_000;
/** How long a browser waits before it connects again. */
const RETRY_MS = 1000;
/** A page that was reloaded or whose computer slept has connected again by then. */
const RETURN_MS = 30_000;

interface Kept {
  id: number;
  text: string;
}

interface Reader {
  response: ServerResponse;
  /** It was too slow, and has not been notified yet. */
  lost: boolean;
}

export class EventStream implements Disposable {
  readonly #lost: string;
  readonly #start: string;
  readonly #readers = new Set<Reader>();
  #ring: Kept[] = [];
  #bytes = 0;
  #last = 0;
  #left = -Infinity;
  readonly #timer: NodeJS.Timeout;

  /** `lost` is the event that a reader gets in place of those it lost; `start` distinguishes ids of this stream from those of an earlier one. */
  constructor(lost: object, start: string) {
    this.#lost = JSON.stringify(lost);
    this.#start = start;
    this.#timer = setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS).unref();
  }

  /** Whether a page listens, or may soon connect again. An event that is costly to make can be skipped otherwise. */
  get observed(): boolean {
    return this.#readers.size > 0 || performance.now() - this.#left < RETURN_MS;
  }

  /** Instead of `emit` while nobody listens: a page that connects again has to load everything. */
  skip(): void {
    this.#last++;
    this.#ring = [];
    this.#bytes = 0;
  }

  emit(event: object): void {
    const id = ++this.#last;
    const text = `id: ${this.#start}-${id}\ndata: ${JSON.stringify(event)}\n\n`;
    this.#ring.push({ id, text });
    this.#bytes += text.length;
    if (this.#ring.length > RING.events || this.#bytes > RING.bytes) this.#shrink();
    for (const reader of this.#readers) this.#send(reader, text);
  }

  /** Half of it at once, because shifting for each event would move all of them each time. */
  #shrink(): void {
    let drop = Math.ceil(this.#ring.length / 2);
    while (drop < this.#ring.length && this.#bytesFrom(drop) > RING.bytes / 2) drop++;
    this.#ring = this.#ring.slice(drop);
    this.#bytes = this.#bytesFrom(0);
  }

  #bytesFrom(first: number): number {
    let bytes = 0;
    for (let at = first; at < this.#ring.length; at++) bytes += this.#ring[at]?.text.length ?? 0;
    return bytes;
  }

  /** The response to a page that listens; 503 when there are too many. */
  open({ headers }: Pick<LocalRequest, "headers">): LocalStream | LocalResponse {
    if (this.#readers.size >= MAX_READERS) {
      return problem(503, `${MAX_READERS} pages are open already`, "close another one and reload this page");
    }
    const given = headers["last-event-id"];
    return { open: (response) => this.#add(response, typeof given === "string" ? given : undefined) };
  }

  #add(response: ServerResponse, lastId: string | undefined): void {
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    const reader: Reader = { response, lost: false };
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#readers.add(reader);
    response.on("drain", () => this.#drained(reader));
    response.once("close", () => {
      this.#readers.delete(reader);
      this.#left = performance.now();
    });
    if (lastId === undefined) return;
    const missed = this.#after(lastId);
    if (missed === undefined) response.write(this.#lostText());
    for (const { text } of missed ?? []) this.#send(reader, text);
  }

  /** What came after this id; undefined when some of it is gone, or the id is of another start. */
  #after(lastId: string): Kept[] | undefined {
    const [, start, number] = /^([\w-]{1,64})-(\d{1,15})$/.exec(lastId) ?? [];
    const id = Number(number);
    if (start !== this.#start || id > this.#last) return undefined;
    const first = this.#ring[0]?.id ?? this.#last + 1;
    return id < first - 1 ? undefined : this.#ring.filter((kept) => kept.id > id);
  }

  #send(reader: Reader, text: string): void {
    if (reader.lost) return;
    if (reader.response.writableLength > MAX_UNSENT) reader.lost = true;
    else reader.response.write(text);
  }

  #drained(reader: Reader): void {
    if (!reader.lost) return;
    reader.lost = false;
    reader.response.write(this.#lostText());
  }

  #lostText(): string {
    return `id: ${this.#start}-${this.#last}\ndata: ${this.#lost}\n\n`;
  }

  #keepAlive(): void {
    for (const { response } of this.#readers) if (response.writableLength === 0) response.write(": keep-alive\n\n");
  }

  /** Ends all responses. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const { response } of this.#readers) response.end();
  }
}
