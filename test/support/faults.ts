/** Faults: load that is repeated until it is accepted, as Meta's is, an app that remembers, and the verdict on both. `npm run slow` prints a table. */
import { Agent, request, type RequestListener } from "node:http";
import { buffer } from "node:stream/consumers";

import Database from "libsql";
import { expect } from "vitest";

import { openExistingStore } from "../../src/store/sqlite/sqlite-store.ts";
import { signed } from "./http.ts";
import { portOf, programEnv, waHook, type Program } from "./program.ts";
import { receivedValue, textItem } from "./received.ts";

/** How many times as often as in CI: `npm run soak`. */
export const TIMES = Number(process.env["WA_HOOK_SOAK"] ?? "1");

/** Random numbers that can be had again: the seed is in the message of a failing test. Returns integers from 0 to `below` - 1. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The body of a delivery with one text message. */
export function messageBody(id: string, from: string): Buffer {
  return Buffer.from(receivedValue({ messages: [textItem(id, "Hello", from)] }).body);
}

const idOf = (body: string) => /"id":"(wamid[^"]*)"/.exec(body)?.[1] ?? "";

/** An app that answers 200 and remembers the ids of messages in their order of arrival. */
export class Remembering {
  readonly ids: string[] = [];

  readonly handle: RequestListener = (incoming, response) => {
    void buffer(incoming).then(
      (body) => {
        this.ids.push(idOf(body.toString()));
        response.end();
      },
      () => undefined,
    );
  };
}

/** Customers who write one message after the other; each is sent until it is acknowledged, and only then the next. */
export class Load {
  readonly acknowledged: string[] = [];
  /** Responses other than 200. */
  refused = 0;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #url: string;
  readonly #customers: Promise<void>[];
  readonly #waiting: { count: number; resolve(): void }[] = [];
  #isUp = true;
  #stopped = false;
  #wake: (() => void)[] = [];

  constructor(port: number, customers: number) {
    this.#url = `http://127.0.0.1:${port}/webhook`;
    this.#customers = Array.from({ length: customers }, (_, index) => this.#write(`customer${index}`));
  }

  async #write(customer: string): Promise<void> {
    for (let index = 0; !this.#stopped; index++) {
      const id = `wamid.${customer}.${index}`;
      const body = messageBody(id, customer);
      while ((await this.#post(body)) !== 200) await this.#whenUp();
      this.acknowledged.push(id);
      for (const { count, resolve } of this.#waiting) if (this.acknowledged.length >= count) resolve();
    }
  }

  #post(body: Buffer): Promise<number> {
    return new Promise((resolve) => {
      const posting = request(this.#url, { method: "POST", agent: this.#agent, headers: signed(body) });
      posting.on("response", (response) => {
        if (response.statusCode !== 200) this.refused++;
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", () => resolve(0));
      });
      posting.on("error", () => resolve(0)).end(body);
    });
  }

  async #whenUp(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (!this.#isUp) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  /** Resolves when so many more are acknowledged. */
  more(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    return new Promise((resolve) => this.#waiting.push({ count: goal, resolve }));
  }

  /** What fails from now on waits. */
  down(): void {
    this.#isUp = false;
  }

  up(): void {
    this.#isUp = true;
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Resolves when everything that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#customers);
    this.#agent.destroy();
  }
}

export interface Running {
  cwd: string;
  port: number;
  /** The endpoint of the app. */
  to: string;
  /** For Node.js itself. */
  node?: readonly string[];
  env?: Record<string, string>;
}

/** `wa-hook listen --forward-to`, the built program, ready. */
export async function startForwarding({ cwd, port, to, node = [], env = {} }: Running): Promise<Program> {
  const program = waHook(["listen", "--port", String(port), "--forward-to", to], {
    cwd,
    env: { ...programEnv, ...env, ...(node.length === 0 ? {} : { NODE_OPTIONS: node.join(" ") }) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await portOf(program);
  return program;
}

export interface Found {
  /** Ids of messages of accepted deliveries, in the order of the store. */
  accepted: string[];
  pending: number;
  failed: number;
}

/** What a whole store contains: no page is damaged, and no delivery is without its forward. */
export function readFound(file: string): Found {
  const database = new Database(file);
  try {
    expect(database.pragma("quick_check")).toEqual([{ quick_check: "ok" }]);
    const count = (sql: string) => (database.prepare(`SELECT count(*) AS n FROM ${sql}`).get([]) as { n: number }).n;
    const halves = "deliveries LEFT JOIN forwards ON forwards.delivery = deliveries.id";
    expect(count(`${halves} WHERE verdict = 'accepted' AND forwards.id IS NULL`)).toBe(0);
    expect(count("forwards WHERE delivery NOT IN (SELECT id FROM deliveries)")).toBe(0);
    const bodies = database.prepare("SELECT body FROM deliveries WHERE verdict = 'accepted' ORDER BY id").all([]);
    return {
      accepted: (bodies as { body: Buffer }[]).map(({ body }) => idOf(Buffer.from(body).toString())),
      pending: count("forwards WHERE state = 'pending'"),
      failed: count("forwards WHERE state = 'failed'"),
    };
  } finally {
    database.close();
  }
}

/** Whether everything in a store that is in use was delivered. */
export async function allForwarded(file: string, to: string): Promise<boolean> {
  const store = await openExistingStore(file);
  try {
    return store.pending({ to, limit: 1 }).length === 0;
  } finally {
    await store.close();
  }
}

export interface Judged {
  found: number;
  once: number;
  /** Received by the app more than once. */
  again: number;
}

/** What was acknowledged is in the store, what is in the store reached the app, and each customer's messages did so in order. */
export function judgeForwards(
  acknowledged: readonly string[],
  accepted: readonly string[],
  received: readonly string[],
): Judged {
  const kept = new Set(accepted);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  expect(accepted).toHaveLength(kept.size);
  const times = new Map<string, number>();
  const next = new Map<string, number>();
  for (const id of received) {
    const [, customer = "", index = ""] = id.split(".");
    if (!times.has(id)) {
      expect(`${customer} ${index}`).toBe(`${customer} ${next.get(customer) ?? 0}`);
      next.set(customer, Number(index) + 1);
    }
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  expect(accepted.filter((id) => !times.has(id))).toEqual([]);
  const again = [...times.values()].filter((count) => count > 1).length;
  return { found: acknowledged.length, once: times.size - again, again };
}

export function forwardedText({ once, again }: Judged): string {
  return again === 0 ? String(once) : `${once} (${again} again)`;
}
