/** What of a delivery is searched: one row per event. */
import { partiesOf } from "../webhook/parties.ts";
import type { Kinded } from "./query.ts";
import type { Delivery } from "./store.ts";

export interface EventRow {
  kind: Kinded;
  customer: string | undefined;
  outgoing: boolean;
  /** In lower case. */
  search: string;
}

/** Far more than Meta sends in one delivery; further ones are found by the delivery's id only. */
const MAX_EVENTS = 10_000;
const MAX_SEARCH = 1000;
/** The kind of a delivery whose events nobody vouches for. */
const REJECTED = { group: "rejected", kind: "rejected", field: "" } as unknown as Kinded;

export function eventRowsOf({ verdict, reason = "", events }: Delivery): EventRow[] {
  if (verdict === "rejected") {
    return [{ kind: REJECTED, customer: undefined, outgoing: false, search: searched([reason]) }];
  }
  return events.slice(0, MAX_EVENTS).map((event) => {
    const { customer, outgoing } = partiesOf(event);
    const search = searched([event.summary, event.name, event.id, event.from, event.to]);
    return { kind: event, customer, outgoing, search };
  });
}

function searched(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined)
    .join("\n")
    .slice(0, MAX_SEARCH)
    .toLowerCase();
}
