/** Deliveries in the stream of a Redis server: reads them page by page. */
import type { Query } from "../query.ts";
import type { Malformed, Range } from "../sqlite/rows.ts";
import { Delivery, type Verdict } from "../store.ts";
import type { Connection, Reply } from "./connection.ts";

/** Limits of a page; bodies are usually below 2 KB and at most 3 MB. */
const PAGE = 64;
/** Before every id. */
export const START = "0";

const VERDICTS: ReadonlySet<string> = new Set<Verdict>(["accepted", "duplicate", "rejected"]);
const LAST_TIME = 8.64e15;

const imported = new WeakSet<Delivery>();

/** Whether it was recorded elsewhere, at a time that has nothing to do with its place in the stream, and is for no app. */
export function isImported(delivery: Delivery): boolean {
  return imported.has(delivery);
}

export class Entries {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async one(id: string): Promise<Delivery | Malformed | undefined> {
    if (!/^\d{1,15}$/.test(id)) return undefined;
    const [entry] = await this.#range("XRANGE", `${id}-0`, `${id}-0`, 1);
    return entry;
  }

  async lastId(): Promise<string | undefined> {
    const [entry] = await this.#range("XREVRANGE", "+", "-", 1);
    return entry?.id;
  }

  async first(): Promise<Delivery | Malformed | undefined> {
    const [entry] = await this.#range("XRANGE", "-", "+", 1);
    return entry;
  }

  /** Oldest first. Deliveries recorded during the iteration are not included. */
  async *of({ after = START, newest }: Range): AsyncGenerator<Delivery | Malformed, void, void> {
    const end = await this.lastId();
    if (end === undefined) return;
    let from = after;
    if (newest !== undefined) from = (await this.#before(newest, after)) ?? after;
    for (;;) {
      const page = await this.#range("XRANGE", `(${from}-0`, `${end}-0`, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      from = last.id;
    }
  }

  /** Newest first. */
  async *backwards({
    after = START,
    before,
  }: Pick<Query, "after" | "before">): AsyncGenerator<Delivery | Malformed, void, void> {
    let to = before === undefined ? "+" : `(${before}-0`;
    for (;;) {
      const page = await this.#range("XREVRANGE", to, `(${after}-0`, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      to = `(${last.id}-0`;
    }
  }

  /** The id before the oldest of the newest. */
  async #before(newest: number, after: string): Promise<string | undefined> {
    let count = 0;
    for await (const { id } of this.backwards({ after })) if (++count === newest) return String(Number(id) - 1);
    return undefined;
  }

  async #range(command: "XRANGE" | "XREVRANGE", from: string, to: string, count: number) {
    const reply = await this.#connection.command([
      command,
      this.#connection.key("log"),
      from,
      to,
      "COUNT",
      String(count),
    ]);
    return entriesIn(reply);
  }
}

/** Entries of a reply; those that were deleted meanwhile are left out. */
export function entriesIn(reply: Reply | undefined): (Delivery | Malformed)[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((entry) => (Array.isArray(entry) && Array.isArray(entry[1]) ? [readEntry(entry)] : []));
}

/** `12` of `12-0`. */
export function numberOf(id: Reply | undefined): string {
  return String(id).split("-", 1)[0] ?? "";
}

function readEntry([key, values]: Reply[]): Delivery | Malformed {
  const id = numberOf(key);
  const fields = new Map<string, Buffer>();
  const list = values as Buffer[];
  for (let at = 0; at + 1 < list.length; at += 2) fields.set(String(list[at]), list[at + 1] as Buffer);
  const [receivedAt, verdict] = [Number(fields.get("t") ?? Number.NaN), String(fields.get("v"))];
  const [body, headers, reason] = [fields.get("b"), headersIn(fields.get("h")), String(fields.get("r") ?? "")];
  if (!Number.isSafeInteger(receivedAt) || Math.abs(receivedAt) > LAST_TIME)
    return { id, malformed: "has no valid time" };
  if (body === undefined) return { id, malformed: "has no body" };
  if (headers === undefined) return { id, malformed: "headers are not a JSON list" };
  if (!VERDICTS.has(verdict)) return { id, malformed: "has no verdict" };
  const delivery = new Delivery({
    id,
    receivedAt,
    headers,
    body,
    verdict: verdict as Verdict,
    ...(reason === "" ? {} : { reason }),
  });
  if (fields.has("i")) imported.add(delivery);
  return delivery;
}

function headersIn(text: Buffer | undefined): [string, string][] | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return Array.isArray(value) && value.every(isHeader) ? (value as [string, string][]) : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(each: unknown): boolean {
  return Array.isArray(each) && typeof each[0] === "string" && typeof each[1] === "string";
}
