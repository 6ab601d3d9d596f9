/** Sends deliveries with Meta's habits: twice, out of order, together, late, all at once, and again after anything but 200. */
import { setTimeout as sleep } from "node:timers/promises";

import { UsageError } from "../errors.ts";
import { openPoster, type Outgoing, type Poster } from "../http/post.ts";
import { parseObject } from "../json.ts";
import { schedule, type ChaosDelivery } from "../webhook/chaos-schedule.ts";
import { RETRY_MS, type ChaosKind } from "../webhook/chaos.ts";
import type { Delivered } from "./delivered.ts";
import { renewIds, setCustomer } from "./edit.ts";
import type { Load } from "./load.ts";
import { hasEscapes, resultOf, send, unreachable, type Judging, type Sent, type Target } from "./sending.ts";

export interface ChaosOptions {
  kinds: readonly ChaosKind[];
  seed: string;
  /** How many times as fast as Meta repeats a delivery. */
  timeScale: number;
  encode(payload: object): Buffer;
  /** Signs a body. */
  toRequest(body: Buffer): Outgoing;
}

/** A delivery as it was planned, and each time that its bytes were sent. */
export interface Original {
  name: string;
  body: Buffer;
  copies: number;
}

const MAX_DELIVERIES = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;
const CONNECTIONS = 50;
/** A delivery is repeated up to an hour later, on Meta's scale. */
const MAX_RETRIES = 7;

/** The deliveries of all rounds, in memory. Throws a `UsageError` for too many. */
export async function originalsOf(
  load: Load,
  { seed, encode }: ChaosOptions,
  ownCustomers: boolean,
): Promise<Original[]> {
  const originals: Original[] = [];
  let bytes = 0;
  for await (const { prepared, round } of load.turns()) {
    const body = prepared.payload();
    bytes += body.length;
    if (originals.length >= MAX_DELIVERIES || bytes > MAX_BYTES) throw tooMany();
    const payload = ownCustomers || round > 1 ? parseObject(body.toString("utf8")) : undefined;
    if (payload !== undefined && ownCustomers) setCustomer(payload, originals.length);
    // Otherwise each round would be a duplicate of the first.
    if (payload !== undefined && round > 1) renewIds(payload, `${seed} ${round}`);
    originals.push({ name: prepared.name, body: payload === undefined ? body : encode(payload), copies: 0 });
  }
  return originals;
}

/**
 * Sends the deliveries and yields the results: those of a wave in their order, those that were retried when they are complete. Counts the
 * copies in `originals`. Throws an `UnavailableError` when nothing responds at all.
 */
export async function* deliverChaos(
  originals: readonly Original[],
  { target, judging, options }: { target: Target; judging: Judging; options: ChaosOptions },
): AsyncGenerator<Delivered, void, void> {
  const { to, timeout, signal } = target;
  const waves = schedule(
    originals.map(({ body }) => body),
    options,
  );
  const poster = await openPoster(to, CONNECTIONS, timeout);
  const stop = () => void poster.close();
  signal.addEventListener("abort", stop, { once: true });
  const chaos = new Chaos({ originals, poster, target, judging, options }, waves.flat().length);
  try {
    for (const wave of waves) {
      if (signal.aborted) return;
      const results = await Promise.all(wave.map((delivery) => chaos.deliver(delivery)));
      yield* signal.aborted ? [] : results.filter((result) => result !== undefined);
    }
    for (const retried of chaos.retrying) yield await retried;
  } finally {
    signal.removeEventListener("abort", stop);
    await poster.close();
  }
}

interface Context {
  originals: readonly Original[];
  poster: Poster;
  target: Target;
  judging: Judging;
  options: ChaosOptions;
}

class Chaos {
  readonly retrying: Promise<Delivered>[] = [];
  readonly #context: Context;
  readonly #total: number;
  #done = 0;
  #responded = false;

  constructor(context: Context, total: number) {
    this.#context = context;
    this.#total = total;
  }

  /** The result; nothing when the delivery is being retried. */
  async deliver(delivery: ChaosDelivery): Promise<Delivered | undefined> {
    const { originals, options, target } = this.#context;
    for (const position of delivery.of) (originals[position] as Original).copies++;
    const sent = await this.#send(delivery);
    const { response } = sent;
    if (response.unreachable !== true) this.#responded = true;
    else if (!this.#responded) throw unreachable(target.to, response.failure);
    if (response.status === 200 || !options.kinds.includes("retry")) return this.#resultOf(delivery, sent, 1);
    this.retrying.push(this.#retry(delivery, sent));
    return undefined;
  }

  async #retry(delivery: ChaosDelivery, first: Sent): Promise<Delivered> {
    const { options, target } = this.#context;
    let [sent, attempts] = [first, 1];
    for (const ms of RETRY_MS.slice(0, MAX_RETRIES)) {
      await sleep(ms / options.timeScale, undefined, { signal: target.signal }).catch(() => undefined);
      if (target.signal.aborted || sent.response.status === 200) break;
      sent = await this.#send(delivery);
      attempts++;
    }
    return this.#resultOf({ ...delivery, kinds: [...delivery.kinds, "retry"] }, sent, attempts);
  }

  #send(delivery: ChaosDelivery): Promise<Sent> {
    const { originals, poster, target, judging, options } = this.#context;
    const name = originals[delivery.of[0] ?? 0]?.name ?? "";
    // What the app sends to customers is judged at the end, for all copies together.
    const { answers: _, nothingElse: __, ...of } = judging.of({ name });
    const outgoing = options.toRequest(delivery.body);
    return send(poster, { delivery: { name }, outgoing }, target, { ...judging, of });
  }

  #resultOf({ of, kinds, copy, body }: ChaosDelivery, sent: Sent, attempts: number): Delivered {
    const { originals, target } = this.#context;
    const name = originals[of[0] ?? 0]?.name ?? "";
    const about = {
      fixture: of.length > 1 ? `${name} and ${of.length - 1} more` : name,
      round: 1,
      done: ++this.#done,
      total: this.#total,
      to: target.to.href,
      escaped: hasEscapes(body),
    };
    return { ...resultOf(sent, about), chaos: { kinds, copy, attempts } };
  }
}

function tooMany(): UsageError {
  return new UsageError(`chaos works on up to ${MAX_DELIVERIES} deliveries and ${MAX_BYTES / 1024 / 1024} MB`, {
    code: "replay.chaos-size",
    hint: "replay fewer fixtures, or use a smaller --repeat",
  });
}
