/** One page of a list, with the cursors of the Graph API. */
import type { Call } from "./call.ts";
import { invalid } from "./graph-response.ts";

interface Page<Item> {
  items: Item[];
  /** Absent when the page is empty. */
  paging: { paging?: object };
}

export const PAGE_QUERY = ["limit", "after", "before"] as const;

/** The page that `limit`, `after` and `before` in the query ask for. Throws a `GraphErrorResponse` for an invalid `limit`. */
export function pageOf<Item>(
  call: Call,
  all: readonly Item[],
  { usual = 25, max = 1000 }: { usual?: number; max?: number } = {},
): Page<Item> {
  const { limit = String(usual), after, before } = call.query;
  const asked = Number(limit);
  if (!Number.isSafeInteger(asked) || asked < 1) throw invalid("Param limit must be a number greater than 0.");
  const count = Math.min(asked, max);
  const from = after !== undefined ? positionOf(after) : Math.max(0, positionOf(before) - count);
  const items = all.slice(from, before === undefined || after !== undefined ? from + count : positionOf(before));
  if (items.length === 0) return { items, paging: {} };
  const [start, end] = [cursorAt(from), cursorAt(from + items.length)];
  const paging = {
    cursors: { before: start, after: end },
    ...(from > 0 ? { previous: linkTo(call, { before: start }) } : {}),
    ...(from + items.length < all.length ? { next: linkTo(call, { after: end }) } : {}),
  };
  return { items, paging: { paging } };
}

function linkTo({ origin, version, path, query }: Call, cursor: Record<string, string>): string {
  const { access_token: _, after: __, before: ___, ...rest } = query;
  return `${origin}/${version}${path}?${String(new URLSearchParams({ ...rest, ...cursor }))}`;
}

function cursorAt(position: number): string {
  return Buffer.from(String(position)).toString("base64url");
}

function positionOf(cursor = ""): number {
  const position = Number(Buffer.from(cursor, "base64url").toString("latin1"));
  return Number.isSafeInteger(position) && position >= 0 ? position : 0;
}
