/** A callback that stays registered while a listener runs: follows the tunnel's URL, and notices when somebody else sets another. */
import { setTimeout as sleep } from "node:timers/promises";

import { WaHookError } from "../errors.ts";
import { readAppSubscription } from "../graph/subscriptions.ts";
import { callbackOf, type Context } from "./context.ts";
import { type Entry, hasSet } from "./entry.ts";
import type { RegistrationEvent } from "./event.ts";
import { differs, fieldsWithMessages, register, type Registering } from "./register.ts";
import { restoreEntry } from "./restore.ts";
import { PACE, pauseOf } from "./retry.ts";
import { setCallback, takeSnapshot } from "./target.ts";

const WATCH_MS = 30_000;
/** Requests that were sent earlier can still arrive, so the last few URLs count as ours. */
const KEPT_URLS = 10;

export class Registration {
  readonly #context: Context;
  #entry: Entry;
  /** What Meta is known to have because of us, and what it is to have. */
  #current: string;
  #wanted: string;
  #wake = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  private constructor(context: Context, entry: Entry, url: string) {
    this.#context = context;
    this.#entry = entry;
    this.#current = url;
    this.#wanted = url;
  }

  static async *open(
    context: Context,
    registering: Registering,
  ): AsyncGenerator<RegistrationEvent, Registration, void> {
    const entry = yield* register(context, registering);
    return new Registration(context, entry, registering.url);
  }

  /** Overrides redirect what the app is subscribed to; they do not subscribe it. Unknown without the app's credentials. */
  async lacksMessages(): Promise<boolean> {
    const { level, app, graph } = this.#context.target;
    if (level === "app" || app === undefined) return false;
    const subscription = await readAppSubscription(graph, app).catch((error: unknown) => {
      // It is only a hint: what cannot be read is not reported.
      if (error instanceof WaHookError) return { fields: ["messages"] };
      throw error;
    });
    return subscription?.fields.includes("messages") !== true;
  }

  /** The tunnel has another URL now: `watch` registers it. */
  move(url: string): void {
    this.#wanted = url;
    this.#wake.abort();
  }

  /** Goes on until `signal` aborts; what fails is reported and tried again. */
  async *watch(signal: AbortSignal): AsyncGenerator<RegistrationEvent, void, void> {
    const done = new AbortController();
    this.#watching = new Promise((resolve) => done.signal.addEventListener("abort", () => resolve()));
    try {
      yield* this.#follow(signal);
    } finally {
      done.abort();
    }
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<RegistrationEvent, void, void> {
    const { target, pace = PACE } = this.#context;
    let [failures, reported]: [number, string | undefined] = [0, undefined];
    for (;;) {
      const moved = this.#wanted !== this.#current;
      await this.#pause(failures > 0 ? pauseOf(failures - 1, pace) : moved ? 0 : WATCH_MS, signal);
      if (signal.aborted) return;
      try {
        const event = await this.#look();
        if (event !== undefined) yield event;
        [failures, reported] = [0, undefined];
      } catch (error) {
        if (!(error instanceof WaHookError)) throw error;
        failures += 1;
        // A reading that fails says nothing about the callback.
        if (this.#wanted === this.#current || reported === error.message) continue;
        reported = error.message;
        yield { type: "retrying", level: target.level, reason: error.message, retryMs: pauseOf(failures - 1, pace) };
      }
    }
  }

  /** A new URL ends the pause. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const woken = AbortSignal.any([signal, this.#wake.signal]);
    await sleep(ms, undefined, { signal: woken }).catch(() => undefined);
    this.#wake = new AbortController();
  }

  #taken: string | undefined;

  /** Reads what Meta has, and moves it when it is ours and not the one that is wanted. */
  async #look(): Promise<RegistrationEvent | undefined> {
    const { target, journal } = this.#context;
    const [wanted, previous] = [this.#wanted, this.#current];
    const now = await takeSnapshot(target);
    if (now.url === wanted) {
      this.#taken = undefined;
      if (previous === wanted) return undefined;
      this.#current = wanted;
      return { type: "registered", level: target.level, url: wanted, previous };
    }
    if (!hasSet(this.#entry, now.url)) {
      // Somebody else's is left alone, also when the tunnel moves.
      this.#current = wanted;
      if (this.#taken === (now.url ?? "")) return undefined;
      this.#taken = now.url ?? "";
      if (now.url === undefined) return { type: "removed", level: target.level };
      return { type: "other-listener", url: now.url, replaced: "ours" };
    }
    const urls = [...this.#entry.urls.filter((url) => url !== wanted), wanted].slice(-KEPT_URLS);
    this.#entry = journal.put({ ...this.#entry, urls });
    await setCallback(target, callbackOf(this.#context, wanted), fieldsWithMessages(now));
    const after = await takeSnapshot(target);
    if (after.url !== wanted) throw differs(this.#context, wanted, after);
    this.#current = wanted;
    return {
      type: "registered",
      level: target.level,
      url: wanted,
      ...(now.url === undefined ? {} : { previous: now.url }),
    };
  }

  /** Restores what was there before, once nothing is being moved any more. */
  async *restore(signal: AbortSignal): AsyncGenerator<RegistrationEvent, void, void> {
    await this.#watching;
    yield* restoreEntry(this.#context, this.#entry.id, { signal, sure: true });
  }
}
