/** Event filters, such as `text,image,failed,account_*`. */
import { UsageError } from "../errors.ts";
import { inboundKinds } from "../messages/inbound/index.ts";
import { statusKinds } from "../messages/statuses/index.ts";
import type { WebhookEvent } from "./event.ts";
import { fields, undocumented } from "./fields/index.ts";
import { closest, globOf } from "./words.ts";

const GROUPS = ["message", "status", "error", "field", "malformed"];

/** Every name that a filter can match: groups, kinds and fields. */
function knownNames(): string[] {
  const named = [...inboundKinds, ...statusKinds, ...fields, ...undocumented];
  return [...new Set([...GROUPS, ...named.map(({ name }) => name)])];
}

type Kinded = Pick<WebhookEvent, "group" | "kind" | "field">;

/**
 * Parses a comma-separated list of names and patterns with `*` into a predicate. Throws a `UsageError` for an entry that cannot
 * match any event, neither a known one nor one of `others`.
 */
export function eventFilter(list: string, others: readonly Kinded[] = []): (event: Kinded) => boolean {
  const entries = list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length === 0) throw unknownEvent(list, "list kinds, such as text,image,failed");
  const patterns = entries.map((entry) => {
    const pattern = globOf(entry);
    const known = [...knownNames(), ...others.flatMap(({ kind, field }) => [kind, field])];
    if (known.some((name) => pattern.test(name))) return pattern;
    const close = closest(entry, known);
    throw unknownEvent(
      entry,
      close === undefined ? "run wa-hook fixtures list for kinds and fields" : `did you mean ${close}?`,
    );
  });
  return ({ group, kind, field }) =>
    patterns.some(
      (pattern) => pattern.test(kind) || pattern.test(group) || (field !== "messages" && pattern.test(field)),
    );
}

function unknownEvent(entry: string, hint: string): UsageError {
  return new UsageError(`unknown event ${JSON.stringify(entry)}`, { code: "events.unknown", hint });
}
