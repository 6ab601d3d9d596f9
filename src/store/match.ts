/** Whether a delivery is one that a query asks for, where no index says it. */
import { eventRowsOf, type EventRow } from "./event-rows.ts";
import type { Forward, ForwardState } from "./forward.ts";
import type { Query } from "./query.ts";
import type { Soon } from "./readable.ts";
import type { Delivery } from "./store.ts";

/** Of deliveries that are looked at again and again. */
const known = new WeakMap<Delivery, EventRow[]>();

/** `after`, `before` and `newest` are not looked at. */
export function isMatch(
  row: Delivery,
  query: Query,
  forwardsOf: (delivery: string) => Soon<readonly Forward[]>,
): Soon<boolean> {
  const { since = Number.NEGATIVE_INFINITY, until = Infinity, status } = query;
  if (row.receivedAt < since || row.receivedAt >= until || !meetsEvents(row, query)) return false;
  if (status === undefined || status === row.verdict) return true;
  if (row.verdict !== "accepted" || status === "duplicate" || status === "rejected" || status === "accepted")
    return false;
  return hasForward(status, forwardsOf(row.id));
}

function hasForward(status: ForwardState, forwards: Soon<readonly Forward[]>): Soon<boolean> {
  const isOne = ({ state }: Forward) => state === status;
  return forwards instanceof Promise ? forwards.then((all) => all.some(isOne)) : forwards.some(isOne);
}

function meetsEvents(row: Delivery, { kinds, customer, direction, search }: Query): boolean {
  if ([kinds, customer, search].every((each) => each === undefined)) return true;
  const text = search?.toLowerCase();
  return rowsOf(row).some(
    (event) =>
      (kinds?.(event.kind) ?? true) &&
      (customer === undefined || event.customer === customer) &&
      (direction === undefined || event.outgoing === (direction === "to")) &&
      (text === undefined || event.search.includes(text)),
  );
}

function rowsOf(delivery: Delivery): EventRow[] {
  const rows = known.get(delivery) ?? eventRowsOf(delivery);
  known.set(delivery, rows);
  return rows;
}
