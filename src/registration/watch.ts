/** Keeps a callback registered while a listener runs: follows the tunnel's URL and detects changes made by others. */
import { setTimeout as sleep } from "node:timers/promises";

import { WaHookError } from "../errors.ts";
import { readAppSubscription } from "../graph/subscriptions.ts";
import { adviseOnDomain } from "./callback-refusal.ts";
import { callbackOf, type Context } from "./context.ts";
import { type Entry, hasSet } from "./entry.ts";
import type { RegistrationEvent } from "./event.ts";
import { differs, fieldsWithMessages, register, type Registering } from "./register.ts";
import { restoreEntry } from "./restore.ts";
import { PACE, pauseOf } from "./retry.ts";
import { setCallback, takeSnapshot } from "./target.ts";

const WATCH_MS = 30_000;
/** An earlier request can still take effect, so the last few URLs count as ours. */
const KEPT_URLS = 10;

export class Registration {
  readonly #context: Context;
  #entry: Entry;
  /** The registered URL, and the URL to register. */
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

  /** An override does not subscribe the app to fields. Returns false when that is unknown, without the app's credentials. */
  async lacksMessages(): Promise<boolean> {
    const { level, app, graph } = this.#context.target;
    if (level === "app" || app === undefined) return false;
    const subscription = await readAppSubscription(graph, app).catch((error: unknown) => {
      // Only a hint, so a failed read is not reported.
      if (error instanceof WaHookError) return { fields: ["messages"] };
      throw error;
    });
    return subscription?.fields.includes("messages") !== true;
  }

  /** Makes `watch` register the new URL of the tunnel. */
  move(url: string): void {
    this.#wanted = url;
    this.#wake.abort();
  }

  /** Runs until `signal` aborts. Failures are reported and retried. */
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
        const event = await this.#check();
        if (event !== undefined) yield event;
        [failures, reported] = [0, undefined];
      } catch (error) {
        if (!(error instanceof WaHookError)) throw error;
        failures += 1;
        // A failed read says nothing about the callback.
        if (this.#wanted === this.#current || reported === error.message) continue;
        reported = error.message;
        const hint = adviseOnDomain(error, this.#wanted);
        const retryMs = pauseOf(failures - 1, pace);
        const more = hint === undefined ? {} : { hint };
        yield { type: "retrying", level: target.level, reason: error.message, retryMs, ...more };
      }
    }
  }

  /** A new URL ends the pause. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const woken = AbortSignal.any([signal, this.#wake.signal]);
    await sleep(ms, undefined, { signal: woken }).catch(() => undefined);
    this.#wake = new AbortController();
  }

  /** The URL of someone else that was already reported; empty for a removed callback. */
  #reported: string | undefined;

  /** Reads the callback, and replaces it if it is an outdated URL of ours. */
  async #check(): Promise<RegistrationEvent | undefined> {
    const { target, journal } = this.#context;
    const [wanted, previous] = [this.#wanted, this.#current];
    const now = await takeSnapshot(target);
    if (now.url === wanted) {
      this.#reported = undefined;
      if (previous === wanted) return undefined;
      this.#current = wanted;
      return { type: "registered", level: target.level, url: wanted, previous };
    }
    if (!hasSet(this.#entry, now.url)) {
      // A callback of someone else is not replaced, even when the tunnel's URL changes.
      this.#current = wanted;
      if (this.#reported === (now.url ?? "")) return undefined;
      this.#reported = now.url ?? "";
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

  /** Restores the original once `watch` has ended. */
  async *restore(signal: AbortSignal): AsyncGenerator<RegistrationEvent, void, void> {
    await this.#watching;
    yield* restoreEntry(this.#context, this.#entry.id, { signal, sure: true });
  }
}
