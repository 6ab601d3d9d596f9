/** Pages of a list, with Meta's cursors and links. */
import type { Call } from "./call.ts";
import { invalid } from "./graph-response.ts";

const PAGE = 25;
const MAX_PAGE = 100;

/** What a request, or the modifiers of a field, ask for. */
interface Wanted {
  limit?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
}

/** The page of `items`; with `call`, a link to the next page. Throws a `GraphErrorResponse` for an invalid limit. */
export function pageOf<Item>(items: readonly Item[], wanted: Wanted, call?: Call): { data: Item[]; paging?: object } {
  const limit = Number(wanted.limit ?? PAGE);
  if (!Number.isSafeInteger(limit) || limit < 1) throw invalid("Param limit must be a number greater than 0.");
  const count = Math.min(limit, MAX_PAGE);
  const end = wanted.before === undefined ? items.length : fromCursor(wanted.before);
  const from = wanted.before === undefined ? fromCursor(wanted.after ?? "") : Math.max(0, end - count);
  const data = items.slice(from, Math.min(end, from + count));
  if (data.length === 0) return { data };
  const cursors = { before: toCursor(from), after: toCursor(from + data.length) };
  const hasNext = call !== undefined && from + data.length < items.length;
  return { data, paging: { cursors, ...(hasNext ? { next: link(call, cursors.after) } : {}) } };
}

function link({ origin, version, path, query }: Call, after: string): string {
  const { access_token: _, before: __, ...rest } = query;
  return `${origin}/${version}${path}?${String(new URLSearchParams({ ...rest, after }))}`;
}

function toCursor(at: number): string {
  return Buffer.from(String(at)).toString("base64url");
}

function fromCursor(cursor: string): number {
  const at = Number(Buffer.from(cursor, "base64url").toString("latin1"));
  return Number.isSafeInteger(at) && at >= 0 ? at : 0;
}
