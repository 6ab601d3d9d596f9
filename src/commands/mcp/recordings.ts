/** What was recorded, for the tools: from the store of a running `wa-hook dev`, or from the file or shared store of the settings. */
import { UsageError } from "../../errors.ts";
import { History, type HistoryQuery } from "../../inspector/history.ts";
import type { Forward } from "../../store/forward.ts";
import { isMalformed } from "../../store/sqlite/rows.ts";
import type { Delivery, Store } from "../../store/store.ts";
import type { World } from "../../terminal/world.ts";
import { eventFilter } from "../../webhook/filter.ts";
import { indexed, needsIndex } from "../inputs/filters.ts";
import { openRecorded } from "../inputs/recorded.ts";

export interface Recordings extends AsyncDisposable {
  /** Newest first. Throws a `UsageError` for a kind that does not exist. */
  find(query: HistoryQuery, limit: number): Promise<Delivery[]>;
  /** By id; `last` is the newest. Throws a `UsageError` when there is none. */
  get(id: string): Promise<Delivery>;
  forwardsOf(id: string): Promise<Forward[]>;
  /** The id of the newest; undefined when there are none. */
  lastId(): Promise<string | undefined>;
}

/** Those of the settings. */
export async function storedRecordings(location: string | undefined, world: World): Promise<Recordings> {
  const store = await openRecorded(location, world);
  return {
    async find({ kind, ...query }, limit) {
      if (needsIndex({ ...query, ...(kind === undefined ? {} : { kind }) })) {
        for await (const _ of indexed(store, world));
      }
      const kinds = kind === undefined ? {} : { kinds: eventFilter(kind, await store.kinds()) };
      const found: Delivery[] = [];
      for await (const row of store.matching({ ...query, ...kinds, newest: limit })) {
        if (!isMalformed(row)) found.push(row);
      }
      return found.toReversed();
    },
    get: (id) => store.find(id),
    forwardsOf: async (id) => store.forwardsOf(id),
    lastId: async () => store.lastId(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Those of a listener in this process, also when they are in memory only. */
export function liveRecordings(store: Store): Recordings {
  const history = new History(store);
  return {
    find: async (query, limit) => history.find(query, limit),
    async get(typed) {
      const id = typed.replace(/^@/, "");
      const delivery = id === "last" ? store.last() : history.get(id);
      if (delivery !== undefined) return delivery;
      throw new UsageError(id === "last" ? "no deliveries recorded yet" : `no recorded delivery ${id}`, {
        code: "store.no-delivery",
        hint: "call events for the recorded deliveries",
      });
    },
    forwardsOf: async (id) => store.forwardsOf(id),
    lastId: async () => store.last()?.id,
    [Symbol.asyncDispose]: async () => {},
  };
}
