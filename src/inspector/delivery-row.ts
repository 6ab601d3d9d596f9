/** A delivery as one line of the table. */
import type { Forward } from "../store/forward.ts";
import type { Delivery } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { DeliveryRow, EventRow, ForwardRow } from "./api.ts";

/** A delivery can have thousands of events. */
const MAX_EVENTS = 10;
/** Of a line. */
const MAX_TEXT = 500;

export function deliveryRow(delivery: Delivery, forwards: readonly Forward[], maxEvents = MAX_EVENTS): DeliveryRow {
  const { id, receivedAt, verdict, reason, events } = delivery;
  return {
    id,
    receivedAt,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    bytes: delivery.body.length,
    events: events.slice(0, maxEvents).map(eventRow),
    more: Math.max(0, events.length - maxEvents),
    forwards: forwards.map(forwardRow),
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

function forwardRow(forward: Forward): ForwardRow {
  const { id: _, delivery: __, ...row } = forward;
  return row;
}
