/** The entry of a request in the emulator's log, without secrets. */
import type { EmulatedRequest } from "../event.ts";
import type { Head } from "./call.ts";
import type { GraphErrorResponse } from "./graph-response.ts";
import type { Outcome } from "./perform.ts";
import { isTooLarge, redact, redactedBody } from "./redact.ts";

export function recordOf(head: Head, outcome: Outcome, at: number): EmulatedRequest {
  const { call, response, error, ignored } = outcome;
  const { method, path, version, query } = call ?? head;
  const { kind, summary, id } = call?.message ?? {};
  return {
    at,
    method,
    path,
    version,
    query: redact(query),
    ...(call !== undefined && Object.keys(call.body.fields).length > 0 ? { body: redactedBody(call.body) } : {}),
    status: response.status,
    ...(kind === undefined ? {} : { kind }),
    ...(summary === undefined ? {} : { summary }),
    ...(id === undefined ? {} : { messageId: id }),
    ...(error === undefined ? {} : { error: errorOf(error) }),
    ...(ignored.length === 0 ? {} : { ignored: [...ignored] }),
  };
}

/** The approximate size of a logged request in memory, in bytes. */
export function sizeOf(url: string, { call }: Outcome): number {
  return url.length + (call === undefined || isTooLarge(call.body) ? 0 : call.body.size);
}

function errorOf({
  code,
  message,
  options: { subcode, details, userTitle, userMessage },
}: GraphErrorResponse): NonNullable<EmulatedRequest["error"]> {
  // A subcode has its cause in the texts for people.
  const cause = details ?? (userTitle === undefined ? undefined : userMessage);
  return {
    code,
    message,
    ...(subcode === undefined ? {} : { subcode }),
    ...(cause === undefined ? {} : { details: cause }),
  };
}
