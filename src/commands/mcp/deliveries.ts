/** Recorded deliveries as the tools return them: what customers and the app wrote stands below `untrusted`. */
import type { Forward } from "../../store/forward.ts";
import type { Delivery } from "../../store/store.ts";
import { adviseOnStatus } from "../../webhook/advice.ts";
import type { WebhookEvent } from "../../webhook/event.ts";
import type { Recordings } from "./recordings.ts";
import type { DeliveryData } from "./schemas.ts";

/** A delivery can have thousands of events. */
const MAX_EVENTS = 10;
const MAX_FORWARDS = 10;
/** Of a summary, a name or the response of an app. */
const MAX_TEXT = 500;
const MAX_ID = 200;

export async function deliveryData(
  delivery: Delivery,
  recordings: Recordings,
  maxEvents = MAX_EVENTS,
): Promise<DeliveryData> {
  const { id, receivedAt, verdict, reason, body, events } = delivery;
  const forwards = await recordings.forwardsOf(id);
  return {
    id,
    receivedAt: new Date(receivedAt).toISOString(),
    verdict,
    ...(reason === undefined ? {} : { reason }),
    bytes: body.length,
    events: events.slice(0, maxEvents).map(eventData),
    moreEvents: Math.max(0, events.length - maxEvents),
    forwards: forwards.slice(-MAX_FORWARDS).map(forwardData),
  };
}

function eventData({ group, kind, field, id, from, to, code, fix, summary, name }: WebhookEvent) {
  return {
    group,
    kind: kind.slice(0, MAX_ID),
    field: field.slice(0, MAX_ID),
    ...(id === undefined ? {} : { id: id.slice(0, MAX_ID) }),
    ...(from === undefined ? {} : { from: from.slice(0, MAX_ID) }),
    ...(to === undefined ? {} : { to: to.slice(0, MAX_ID) }),
    ...(code === undefined ? {} : { code }),
    ...(fix === undefined ? {} : { fix }),
    untrusted: {
      summary: summary.slice(0, MAX_TEXT),
      ...(name === undefined ? {} : { name: name.slice(0, MAX_TEXT) }),
    },
  };
}

function forwardData({ to, state, attempts, status, ms, response }: Forward) {
  return {
    to,
    state,
    attempts,
    ...(status === undefined ? {} : { status }),
    ...(ms === undefined ? {} : { ms: Math.round(ms) }),
    ...(status === undefined || status === 200 ? {} : { fix: adviseOnStatus(status) }),
    ...(response === undefined ? {} : { untrusted: { response: response.slice(0, MAX_TEXT) } }),
  };
}

/** One line per delivery. What customers wrote is quoted, and said to be untrusted. */
export function deliveryLine({ id, verdict, reason, events, moreEvents, forwards }: DeliveryData): string {
  const shown = events.map(({ kind, from, untrusted }) => {
    const sender = from === undefined ? "" : ` from ${from}`;
    const summary = untrusted.summary === "" ? "" : ` (untrusted: ${JSON.stringify(untrusted.summary)})`;
    return `${kind}${sender}${summary}`;
  });
  const more = moreEvents === 0 ? [] : [`and ${moreEvents} more`];
  const ends = forwards.map(({ state, status }) => `→ ${state}${status === undefined ? "" : ` with ${status}`}`);
  const why = reason === undefined ? verdict : `${verdict}: ${reason}`;
  return [id, why, shown.join(", "), ...more, ...ends].filter((part) => part !== "").join(" ");
}
