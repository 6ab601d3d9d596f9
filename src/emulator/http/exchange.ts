/** Handles one HTTP request for the Graph API: reads the body, performs the request, responds and logs. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import type { ByteBudget } from "../../http/byte-budget.ts";
import type { State } from "../state.ts";
import { hasFlag, MAX_BODY_BYTES, overridden, readCall, type Head } from "./call.ts";
import { bytesOf, errorHeaders, metaHeaders } from "./graph-response.ts";
import { bodyOptions, failed, perform, type Outcome } from "./perform.ts";
import { recordOf, sizeOf } from "./record.ts";
import { respond } from "./respond.ts";

interface ExchangeOptions {
  head: Head;
  state: State;
  latencyMs: number;
  /** Shared by all bodies that are being received. */
  budget: ByteBudget;
}

/** Responds to the request and logs it. Never rejects because of the request's content. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  { head: given, state, latencyMs, budget }: ExchangeOptions,
): Promise<void> {
  const trace = state.ids.trace();
  // The delay precedes reading the body, so that no body is held in memory during it.
  if (latencyMs > 0) await sleep(latencyMs);
  const head = overridden(given);
  let outcome: Outcome;
  try {
    const { maxBytes = MAX_BODY_BYTES, raw = false } = bodyOptions(head, state);
    const call = await readCall(request, head, { id: "", maxBytes, raw, response, budget });
    outcome = await perform(call, state, {
      trace: trace.trace,
      onPart: (part) => state.log.request(recordOf(head, part, state.clock.now()), sizeOf(part.call?.path ?? "", part)),
    });
  } catch (thrown) {
    outcome = failed(thrown, state, trace.trace);
  }
  const { response: graphResponse, error, ignored } = outcome;
  const { businessAccountId } = state.account;
  const seen = outcome.call ?? head;
  const bytes = bytesOf(graphResponse, hasFlag(seen, "pretty"));
  const headers = {
    ...metaHeaders({ trace, version: head.version, now: state.clock.now() }, businessAccountId),
    ...(error === undefined ? {} : errorHeaders(error, businessAccountId)),
    ...(ignored.length === 0 ? {} : { "x-wa-hook-ignored": ignored.map(encodeURIComponent).join(", ") }),
    ...graphResponse.headers,
    "content-length": bytes.length,
  };
  state.log.request(recordOf(head, outcome, state.clock.now()), sizeOf(request.url ?? "", outcome));
  const status = hasFlag(seen, "suppress_http_code") ? 200 : graphResponse.status;
  if (!response.destroyed) respond(request, response, { status, headers, bytes });
}
