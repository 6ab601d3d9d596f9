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
  /** The most items of a page, whatever `limit` says. Default: 100. */
  max?: number;
}

/** The page of `items`; with `call`, links to the next and the previous page. Throws a `GraphErrorResponse` for an invalid limit. */
export function pageOf<Item>(items: readonly Item[], wanted: Wanted, call?: Call): { data: Item[]; paging?: object } {
  const limit = Number(wanted.limit ?? PAGE);
  if (!Number.isSafeInteger(limit) || limit < 1) throw invalid("Param limit must be a number greater than 0.");
  const count = Math.min(limit, wanted.max ?? MAX_PAGE);
  const end = wanted.before === undefined ? items.length : fromCursor(wanted.before);
  const from = wanted.before === undefined ? fromCursor(wanted.after ?? "") : Math.max(0, end - count);
  const data = items.slice(from, Math.min(end, from + count));
  if (data.length === 0) return { data };
  const cursors = { before: toCursor(from), after: toCursor(from + data.length) };
  if (call === undefined) return { data, paging: { cursors } };
  const next = from + data.length < items.length ? { next: link(call, { after: cursors.after }) } : {};
  const previous = from > 0 ? { previous: link(call, { before: cursors.before }) } : {};
  return { data, paging: { cursors, ...next, ...previous } };
}

/** Has the token if the request had it in its query: Meta's SDKs follow the link as it is. */
function link({ origin, version, path, query }: Call, cursor: Record<string, string>): string {
  const { after: _, before: __, ...rest } = query;
  return `${origin}/${version}${path}?${String(new URLSearchParams({ ...rest, ...cursor }))}`;
}

function toCursor(at: number): string {
  return Buffer.from(String(at)).toString("base64url");
}

function fromCursor(cursor: string): number {
  const at = Number(Buffer.from(cursor, "base64url").toString("latin1"));
  return Number.isSafeInteger(at) && at >= 0 ? at : 0;
}
