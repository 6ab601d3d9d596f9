/** The order and the bytes of deliveries under chaos: a pure function of the seed and the deliveries. */
import { asJsonObject, parseObject, stringAt, type JsonObject } from "../json.ts";
import { age } from "./age.ts";
import { MAX_BATCH, MAX_BATCH_BYTES, mergeBodies } from "./batch.ts";
import { ageOf, certainPosition, disturbance, type ChaosKind, type Disturbance } from "./chaos.ts";
import type { Payload } from "./envelope.ts";

/** One POST. */
export interface ChaosDelivery {
  /** The positions of the deliveries that it consists of; more than one in a batch. */
  of: readonly number[];
  /** How it is disturbed; empty for one that is not. */
  kinds: readonly ChaosKind[];
  /** 1, or 2 for a duplicate. */
  copy: number;
  body: Buffer;
}

/** What is sent at the same moment. */
export type Wave = readonly ChaosDelivery[];

export interface ChaosPlan {
  seed: string;
  kinds: readonly ChaosKind[];
  /** How payloads that chaos changes are encoded. */
  encode(payload: object): Buffer;
}

/** A late copy comes so many deliveries later. */
const LATE = 5;
/** What a burst makes of few deliveries. */
const CERTAIN_BURST = 10;

/** The waves in which the deliveries are sent, one after the other. Each delivery is in at least one of them. */
export function schedule(bodies: readonly Buffer[], { seed, kinds, encode }: ChaosPlan): Wave[] {
  const plan = bodies.map((_, position) => certain(disturbance(seed, position, kinds), position));
  const singles = bodies.map((body, position) => single(body, position, plan[position]?.ageMs ?? 0));
  const ordered = kinds.includes("reorder") ? reordered(singles, plan, seed) : singles;
  return waves(withCopies(batched(ordered)));

  function certain(given: Disturbance, position: number): Disturbance {
    const is = (kind: ChaosKind, count = bodies.length) =>
      kinds.includes(kind) && certainPosition(seed, kind, count) === position;
    return {
      ...given,
      ...(is("duplicates") ? { copies: 2 } : {}),
      ...(is("reorder", bodies.length - 1) ? { overtakenBy: Math.max(1, given.overtakenBy) } : {}),
      ...(is("stale") && given.ageMs === 0 ? { ageMs: ageOf(position) } : {}),
      ...(is("batch", bodies.length - 1) ? { batch: Math.max(2, given.batch) } : {}),
      ...(is("burst", bodies.length - 1) ? { burst: Math.max(CERTAIN_BURST, given.burst) } : {}),
    };
  }

  function single(body: Buffer, position: number, ageMs: number): ChaosDelivery {
    const payload = ageMs === 0 ? undefined : payloadIn(body);
    if (payload === undefined) return { of: [position], kinds: [], copy: 1, body };
    age(payload, ageMs);
    return { of: [position], kinds: ["stale"], copy: 1, body: encode(payload) };
  }

  function batched(deliveries: readonly ChaosDelivery[]): ChaosDelivery[] {
    const merged: ChaosDelivery[] = [];
    for (let at = 0; at < deliveries.length;) {
      const first = deliveries[at] as ChaosDelivery;
      const most = Math.min(MAX_BATCH, plan[first.of[0] ?? 0]?.batch ?? 1);
      const parts = mergeable(deliveries.slice(at, at + most));
      const kinds = [...new Set(parts.flatMap((part) => part.kinds))];
      const body =
        parts.length > 1
          ? mergeBodies(
              parts.map((part) => part.body),
              encode,
            )
          : first.body;
      if (parts.length > 1)
        merged.push({ of: parts.flatMap(({ of }) => of), kinds: [...kinds, "batch"], copy: 1, body });
      else merged.push(first);
      at += Math.max(1, parts.length);
    }
    return merged;
  }

  /** The copy at the same moment follows its original directly; `waves` sends both at once. */
  function withCopies(deliveries: readonly ChaosDelivery[]): ChaosDelivery[] {
    const copies: { delivery: ChaosDelivery; after: number }[] = [];
    deliveries.forEach((delivery, index) => {
      const first = delivery.of.map((position) => plan[position]).find((each) => (each?.copies ?? 1) > 1);
      const kinds = first === undefined ? delivery.kinds : [...delivery.kinds, "duplicates" as const];
      copies.push({ delivery: { ...delivery, kinds }, after: index });
      if (first !== undefined)
        copies.push({ delivery: { ...delivery, kinds, copy: 2 }, after: index + (first.late ? LATE : 0.5) });
    });
    return copies.toSorted((one, other) => one.after - other.after).map(({ delivery }) => delivery);
  }

  function waves(deliveries: readonly ChaosDelivery[]): Wave[] {
    const all: ChaosDelivery[][] = [];
    let left = 0;
    for (const [index, delivery] of deliveries.entries()) {
      const burst = delivery.copy === 1 ? (plan[delivery.of[0] ?? 0]?.burst ?? 1) : 1;
      const before = deliveries[index - 1];
      const isCloseCopy = delivery.copy === 2 && before?.copy === 1 && before.of[0] === delivery.of[0];
      const last = all.at(-1);
      if (left === 0 && burst > 1) left = burst;
      else if (last !== undefined && (left > 0 || isCloseCopy)) {
        last.push(left > 0 ? withKind(delivery, "burst") : delivery);
        left = Math.max(0, left - 1);
        continue;
      }
      all.push([left > 0 ? withKind(delivery, "burst") : delivery]);
      left = Math.max(0, left - 1);
    }
    return all;
  }
}

function withKind(delivery: ChaosDelivery, kind: ChaosKind): ChaosDelivery {
  return { ...delivery, kinds: [...delivery.kinds, kind] };
}

/** Later ones first, where the plan says so; and of every other message the statuses from the last to the first. */
function reordered(singles: readonly ChaosDelivery[], plan: readonly Disturbance[], seed: string): ChaosDelivery[] {
  const moved = singles
    .map((delivery, index) => {
      const overtakenBy = plan[index]?.overtakenBy ?? 0;
      return { delivery, at: index + (overtakenBy > 0 ? overtakenBy + 0.5 : 0) };
    })
    .toSorted((one, other) => one.at - other.at)
    .map(({ delivery }) => delivery);
  const slots = new Map<string, number[]>();
  moved.forEach(({ body }, index) => {
    const id = statusIn(body)?.id;
    if (id !== undefined) slots.set(id, [...(slots.get(id) ?? []), index]);
  });
  const result = [...moved];
  for (const [id, places] of slots) {
    if (certainPosition(`${seed} ${id}`, "reorder", 2) === 1) continue;
    const sorted = places
      .map((place) => moved[place] as ChaosDelivery)
      .toSorted((one, other) => (statusIn(other.body)?.rank ?? 0) - (statusIn(one.body)?.rank ?? 0));
    places.forEach((place, index) => (result[place] = sorted[index] as ChaosDelivery));
  }
  return result.map((delivery, index) => (delivery === singles[index] ? delivery : withKind(delivery, "reorder")));
}

const RANKS = ["sent", "delivered", "read", "played"];

/** The message and the rank of a delivery with one status. */
function statusIn(body: Buffer): { id: string; rank: number } | undefined {
  const entry = items(asJsonObject(payloadIn(body)), "entry");
  const [change] = entry.flatMap((each) => items(each, "changes"));
  const [status, ...others] = items(asJsonObject(change?.["value"]), "statuses");
  const id = stringAt(status, "id");
  if (id === undefined || others.length > 0) return undefined;
  return { id, rank: RANKS.indexOf(stringAt(status, "status") ?? "") };
}

/** The first of these deliveries that fit into one. */
function mergeable(deliveries: readonly ChaosDelivery[]): ChaosDelivery[] {
  let bytes = 0;
  const end = deliveries.findIndex(({ body }) => {
    bytes += body.length;
    return bytes > MAX_BATCH_BYTES || !isMergeable(body);
  });
  return deliveries.slice(0, end === -1 ? undefined : end);
}

function isMergeable(body: Buffer): boolean {
  const payload = asJsonObject(payloadIn(body));
  const entry = payload?.["entry"];
  if (payload?.["object"] !== "whatsapp_business_account" || !Array.isArray(entry)) return false;
  return entry.every((each) => Array.isArray(asJsonObject(each)?.["changes"]));
}

function payloadIn(body: Buffer): Payload | undefined {
  return parseObject(body.toString("utf8")) as Payload | undefined;
}

function items(holder: JsonObject | undefined, key: string): JsonObject[] {
  const list = holder?.[key];
  return Array.isArray(list) ? list.map(asJsonObject).filter((item) => item !== undefined) : [];
}
