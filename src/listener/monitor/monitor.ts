/** Watches a running listener: alarms, health and metrics. */
import { statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { Broadcast } from "../../events.ts";
import type { StoreStats } from "../../store/retention.ts";
import type { Listener } from "../listener.ts";
import { Alarms, type Alarm, type AlarmEvent } from "./alarms.ts";
import { certificateEnd } from "./certificate.ts";
import { expositionOf, type Exposition } from "./exposition.ts";
import { healthOf, type Facts, type Health, type Registered, type TunnelState } from "./health.ts";

export interface MonitorOptions {
  listener: Pick<Listener, "state" | "store">;
  /** The folder of the store, to report the space on its disk. */
  folder?: string;
  version: string;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** How often the alarms are decided. */
const UPDATE_MS = 10_000;
const CERTIFICATE_MS = 12 * 60 * 60 * 1000;
/** A scrape soon after another one gets the same counts of the store. */
const STATS_MS = 2000;
/** Counting a million deliveries takes 20 ms, in which nothing else happens, so that it is done less often then. */
const STATS_SHARE = 0.002;

export class Monitor implements Disposable {
  /** Set by whoever opens the tunnel; missing without a public URL. */
  tunnel: TunnelState | undefined;
  /** Set by whoever registers a callback. */
  registered: Registered | undefined;
  readonly #options: MonitorOptions;
  readonly #now: () => number;
  readonly #alarms = new Alarms();
  readonly #output = new Broadcast<AlarmEvent>();
  readonly #closing = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #certificateEnds: number | undefined;
  #stats: { validUntil: number; stats: StoreStats | Error } | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#timer = setInterval(() => this.update(), UPDATE_MS).unref();
  }

  /** The alarms that start and end from this call on. Never ends by itself. */
  events(): AsyncIterableIterator<AlarmEvent> {
    return this.#output.events();
  }

  /** Decides the alarms now, besides every ten seconds. */
  update(): void {
    const { recent } = this.#options.listener.state();
    const certificate = this.#certificateEnds === undefined ? {} : { certificateEnds: this.#certificateEnds };
    for (const event of this.#alarms.update({ recent, now: this.#now(), ...certificate })) this.#output.emit(event);
  }

  /** Reads the certificate of this URL now and twice a day. Resolves after the first time. */
  async watchCertificate(url: string): Promise<void> {
    const { signal } = this.#closing;
    const read = async () => {
      this.#certificateEnds = (await certificateEnd(url, signal)) ?? this.#certificateEnds;
      this.update();
    };
    const again = async () => {
      while (!signal.aborted) {
        await sleep(CERTIFICATE_MS, undefined, { signal, ref: false }).catch(() => undefined);
        if (!signal.aborted) await read();
      }
    };
    await read();
    void again();
  }

  /** The alarms that are on. */
  get alarms(): readonly Alarm[] {
    return this.#alarms.active;
  }

  async health(): Promise<Health> {
    return healthOf(await this.#facts());
  }

  async metrics(): Promise<Exposition> {
    return expositionOf(await this.#facts(), this.#options.version);
  }

  async #facts(): Promise<Facts> {
    const { listener, folder } = this.#options;
    this.update();
    const diskFree = folder === undefined ? undefined : await freeOn(folder);
    return {
      listener: listener.state(),
      store: this.#storeStats(),
      ...(diskFree === undefined ? {} : { diskFree }),
      ...(this.tunnel === undefined ? {} : { tunnel: this.tunnel }),
      ...(this.registered === undefined ? {} : { registered: this.registered }),
      ...(this.#certificateEnds === undefined ? {} : { certificateEnds: this.#certificateEnds }),
      alarms: this.#alarms.active,
      now: this.#now(),
    };
  }

  #storeStats(): StoreStats | Error {
    const started = performance.now();
    if (this.#stats !== undefined && started < this.#stats.validUntil) return this.#stats.stats;
    const stats = statsOf(this.#options.listener);
    const ended = performance.now();
    this.#stats = { validUntil: ended + Math.max(STATS_MS, (ended - started) / STATS_SHARE), stats };
    return stats;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#closing.abort();
    this.#output.end();
  }
}

function statsOf({ store }: MonitorOptions["listener"]): StoreStats | Error {
  try {
    return store.stats();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function freeOn(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // The folder was deleted; the store reports that.
    return undefined;
  }
}
