/** The trace of a recorded delivery, from the store and from what happened since the start. */
import type { Delivery } from "../store/store.ts";
import type { ForwardRow, Trace } from "./api.ts";
import type { Ledger } from "./ledger.ts";
import { requestText } from "./request-parts.ts";
import { traceOf, type TraceFacts } from "./trace.ts";

/** Of a line. */
const MAX_TEXT = 300;

/** What of a delivery its trace shows. */
export type TracedDelivery = Pick<Delivery, "id" | "receivedAt" | "verdict" | "reason" | "events">;

export function deliveryTrace(delivery: TracedDelivery, forwards: readonly ForwardRow[], ledger: Ledger): Trace {
  const { id, receivedAt, verdict, reason, events } = delivery;
  const requests = ledger.requests.filter(({ cause }) => cause !== undefined && ledger.inbound(cause)?.delivery === id);
  const sent = requests.flatMap(({ request }) => request.messageId ?? []);
  const acknowledged = ledger.ackOf(id);
  const what = reason ?? events.map(({ kind, summary }) => `${kind} ${summary}`.trim()).join(", ");
  return traceOf({
    delivery: { id, receivedAt, text: `${verdict}: ${what}`.slice(0, MAX_TEXT), ok: verdict !== "rejected" },
    ...(acknowledged === undefined ? {} : { acknowledged }),
    forwards: attempts(id, forwards, ledger),
    requests: requests.map(({ at, request }) => ({
      at,
      text: requestText(request).slice(0, MAX_TEXT),
      ok: request.error === undefined,
      ...(request.messageId === undefined ? {} : { message: request.messageId }),
    })),
    statuses: sent.flatMap((message) => ledger.statusesOf(message).map((status) => ({ ...status, message }))),
  });
}

/** Each attempt since the start; of earlier ones the store has the latest. */
function attempts(id: string, forwards: readonly ForwardRow[], ledger: Ledger): TraceFacts["forwards"] {
  const known = ledger.forwardsOf(id);
  if (known.length > 0) return known;
  return forwards.flatMap(({ at, to, attempts: attempt, status, ms }) => {
    if (at === undefined) return [];
    return [{ at, to, attempt, ...(status === undefined ? {} : { status }), ...(ms === undefined ? {} : { ms }) }];
  });
}
