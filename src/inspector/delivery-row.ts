/** A delivery as one line of the table. */
import type { Delivery } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { DeliveryRow, EventRow, ForwardRow } from "./api.ts";
import type { History } from "./history.ts";
import type { Attempted, Ledger } from "./ledger.ts";

/** A delivery can have thousands of events. */
const MAX_EVENTS = 10;
/** Of a line. */
const MAX_TEXT = 500;

export function deliveryRow(delivery: Delivery, forwards: readonly ForwardRow[], maxEvents = MAX_EVENTS): DeliveryRow {
  const { id, receivedAt, verdict, reason, events } = delivery;
  return {
    id,
    receivedAt,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    bytes: delivery.body.length,
    events: events.slice(0, maxEvents).map(eventRow),
    more: Math.max(0, events.length - maxEvents),
    forwards: [...forwards],
  };
}

function eventRow(event: WebhookEvent): EventRow {
  const { group, kind, field, summary, id, from, to, name, fix, code, unknown } = event;
  return {
    group,
    kind,
    field,
    summary: summary.slice(0, MAX_TEXT),
    ...(id === undefined ? {} : { id }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(name === undefined ? {} : { name: name.slice(0, MAX_TEXT) }),
    ...(fix === undefined ? {} : { fix }),
    ...(code === undefined ? {} : { code }),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

/** As they are now: the listener reports an attempt before its result is in the store. */
export async function forwardRows(id: string, history: History, ledger: Ledger): Promise<ForwardRow[]> {
  const forwards = await history.forwardsOf(id);
  return forwards.map((forward) => {
    const { id: _, delivery: __, ...row } = forward;
    const last = ledger.forwardsOf(id).findLast(({ to, replayed }) => to === row.to && replayed !== true);
    return last === undefined || last.attempt <= row.attempts ? row : latest(last);
  });
}

function latest({ at, to, attempt, status, ms, response, nextAt, gaveUp }: Attempted): ForwardRow {
  return {
    to,
    state: status === 200 ? "delivered" : gaveUp === true ? "failed" : "pending",
    attempts: attempt,
    at,
    ms,
    ...(status === undefined ? {} : { status }),
    ...(response === undefined ? {} : { response }),
    ...(nextAt === undefined ? {} : { nextAt }),
  };
}
