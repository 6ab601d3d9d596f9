/** Which events are wanted: `text,image,failed,account_*`. */
import { UsageError } from "../errors.ts";
import { inboundKinds } from "../messages/inbound/index.ts";
import { statusKinds } from "../messages/statuses/index.ts";
import type { WebhookEvent } from "./event.ts";
import { fields, undocumented } from "./fields/index.ts";
import { closest, globOf } from "./words.ts";

const GROUPS = ["message", "status", "error", "field", "odd"];

/** Every word that an event can be called by: its group, its kind, its field. */
function words(): string[] {
  const named = [...inboundKinds, ...statusKinds, ...fields, ...undocumented];
  return [...new Set([...GROUPS, ...named.map(({ name }) => name)])];
}

/**
 * Whether an event is wanted. The list is of words and of patterns with `*`; throws a `UsageError` for a word that no event can be
 * called by.
 */
export function eventFilter(list: string): (event: WebhookEvent) => boolean {
  const wanted = list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  if (wanted.length === 0) throw unknown(list, "name some, such as text,image,failed");
  const patterns = wanted.map((word) => {
    const pattern = globOf(word);
    const known = words();
    if (known.some((each) => pattern.test(each))) return pattern;
    const close = closest(word, known);
    throw unknown(
      word,
      close === undefined ? "wa-hook fixtures list shows kinds and fields" : `did you mean ${close}?`,
    );
  });
  return ({ group, kind, field }) =>
    patterns.some(
      (pattern) => pattern.test(kind) || pattern.test(group) || (field !== "messages" && pattern.test(field)),
    );
}

function unknown(word: string, hint: string): UsageError {
  return new UsageError(`no event is called ${JSON.stringify(word)}`, { code: "events.unknown", hint });
}
