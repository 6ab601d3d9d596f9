/** A working folder in which listeners start, end and are killed: the real room, one process at a time. */
import { Graph, type GraphResponse, type GraphRequest } from "../../src/graph/client.ts";
import type { Level } from "../../src/graph/subscriptions.ts";
import type { Context } from "../../src/registration/context.ts";
import type { Snapshot } from "../../src/registration/entry.ts";
import type { RegistrationEvent } from "../../src/registration/event.ts";
import { Journal, readEntries } from "../../src/registration/journal.ts";
import { restoreEntry } from "../../src/registration/restore.ts";
import { Registration } from "../../src/registration/watch.ts";
import { IDS, type MetaPeer } from "./meta-peer.ts";

/** What the model needs of a program that registers callbacks. */
export interface Folder {
  /** Rejects when it cannot be registered. */
  start(url: string): Promise<void>;
  /** The tunnel has another URL. */
  move(url: string): Promise<void>;
  end(): Promise<void>;
  /** As kill -9: nothing of it happens any more. */
  kill(): void;
  /** `wa-hook listen` without `--register`, to its end; with `asked`, `wa-hook webhook restore`. */
  recover(asked: boolean): Promise<void>;
  /** What the record still says is to be restored. */
  owes(): Snapshot[];
}

export interface Place {
  peer: MetaPeer;
  level: Level;
  cwd: string;
  /** What folders of one user share. */
  state: string | undefined;
  /** How long failed requests are repeated, in milliseconds; short in the model, whose outages last. */
  timeLimit?: number;
}

export const VERIFY_TOKEN = "test-verify-token";
const TIME_LIMIT_MS = 8;

class KillableGraph extends Graph {
  killed = false;

  override async request<Body = Record<string, unknown>>(request: GraphRequest): Promise<GraphResponse<Body>> {
    const never = () => new Promise<never>(() => undefined);
    if (this.killed) return never();
    try {
      const answer = await super.request<Body>(request);
      return this.killed ? never() : answer;
    } catch (error) {
      if (this.killed) return never();
      throw error;
    }
  }
}

export class RealFolder implements Folder {
  readonly #place: Place;
  #graph: KillableGraph | undefined;
  #journal: Journal | undefined;
  #registration: Registration | undefined;
  /** What it has reported, for a violation's report. */
  readonly events: RegistrationEvent[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  async start(url: string): Promise<void> {
    const context = await this.#open();
    try {
      await this.#restoreAll(context, false);
      const signal = new AbortController().signal;
      this.#registration = await this.#told(Registration.open(context, { url, signal }));
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async move(url: string): Promise<void> {
    const registration = this.#registration;
    if (registration === undefined) return;
    const watching = new AbortController();
    registration.move(url);
    let failures = 0;
    // What a colleague has changed, and was reported before, is not reported again.
    const timer = setTimeout(() => watching.abort(), 20);
    for await (const event of registration.watch(watching.signal)) {
      this.events.push(event);
      failures += event.type === "retrying" ? 1 : 0;
      if (event.type !== "retrying" || failures > 2) watching.abort();
    }
    clearTimeout(timer);
  }

  async end(): Promise<void> {
    if (this.#registration !== undefined) await this.#told(this.#registration.restore(new AbortController().signal));
    await this.#close();
  }

  kill(): void {
    if (this.#graph !== undefined) this.#graph.killed = true;
    this.#journal?.close();
    this.#journal = undefined;
    this.#registration = undefined;
  }

  async recover(asked: boolean): Promise<void> {
    await this.#restoreAll(await this.#open(), asked);
    await this.#close();
  }

  owes(): Snapshot[] {
    return readEntries(this.#place.cwd).map(({ before }) => before);
  }

  async #open(): Promise<Context> {
    const { peer, level, cwd, state, timeLimit = TIME_LIMIT_MS } = this.#place;
    const journal = await Journal.open(cwd, state);
    if (journal === undefined) throw new Error("another process has the record open");
    const url = peer.url;
    const graph = new KillableGraph({ url, version: "v25.0", accessToken: "EAAG-fake" });
    const app = { appId: IDS.appId, appSecret: "test-app-secret" };
    [this.#journal, this.#graph] = [journal, graph];
    const target = { graph, level, ...IDS, app };
    return { target, graphUrl: url, verifyToken: VERIFY_TOKEN, journal, pace: { first: 1, longest: 2, timeLimit } };
  }

  async #restoreAll(context: Context, sure: boolean): Promise<void> {
    for (const { id } of context.journal.entries.toReversed()) {
      const signal = new AbortController().signal;
      await this.#told(restoreEntry(context, id, sure ? { signal, sure } : { signal, recovered: true }));
    }
  }

  async #told<Result>(steps: AsyncGenerator<RegistrationEvent, Result, void>): Promise<Result> {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      this.events.push(step.value);
    }
  }

  async #close(): Promise<void> {
    this.#journal?.close();
    await this.#graph?.close();
    this.#journal = undefined;
    this.#registration = undefined;
  }
}
