/** The rows of the table: page by page as one scrolls, and new ones as they arrive. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import type { DeliveryPage, DeliveryRow, Live } from "../../../api.ts";
import { useLive } from "../../wire/live.ts";
import { useOnLive } from "../../wire/loaded.ts";
import { errorText, get } from "../../wire/server.ts";
import { isFiltered, queryOf, type Filters } from "./filters.tsx";

export interface Rows {
  rows: readonly DeliveryRow[];
  count: DeliveryPage["count"];
  isLoaded: boolean;
  error: string | undefined;
  loadMore: () => void;
  reload: () => void;
}

const PAGE = 200;
const PATH = "/api/deliveries";

interface Found {
  rows: readonly DeliveryRow[];
  count: DeliveryPage["count"];
  next: string | undefined;
  isLoaded: boolean;
  error: string | undefined;
}

const NOTHING: Found = {
  rows: [],
  count: { value: 0, atLeast: false },
  next: undefined,
  isLoaded: false,
  error: undefined,
};

export function useRows(filters: Filters): Rows {
  const [found, setFound] = useState(NOTHING);
  const latest = useRef({ filters, abort: new AbortController(), isLoading: false });
  latest.current.filters = filters;
  const load = useCallback(async (before?: string) => {
    const now = latest.current;
    if (before !== undefined && now.isLoading) return;
    now.abort.abort();
    const abort = new AbortController();
    Object.assign(now, { abort, isLoading: true });
    try {
      const page = await get<DeliveryPage>(PATH, { ...queryOf(now.filters), before, limit: PAGE }, abort.signal);
      if (abort.signal.aborted) return;
      setFound((old) => (before === undefined ? withFirst(old, page) : withNext(old, page)));
    } catch (error) {
      if (!abort.signal.aborted) setFound((old) => ({ ...old, error: errorText(error) }));
    }
    if (!abort.signal.aborted) now.isLoading = false;
  }, []);
  const key = JSON.stringify(filters);
  useEffect(() => {
    setFound(NOTHING);
    void load();
    return () => latest.current.abort.abort();
  }, [key]);
  useLive((live) => {
    const { row, isNew } = rowOf(live);
    // A filter is the server's to decide.
    if (row !== undefined && !(isNew && isFiltered(latest.current.filters)))
      setFound((old) => withRow(old, row, isNew));
  });
  useOnLive(
    (live) => rowOf(live).isNew && isFiltered(filters),
    () => void load(),
    { everyMs: 400 },
  );
  // Another function after each answer: whoever is at the end asks again when a newer request has canceled the last one.
  const loadMore = useCallback(() => {
    const { next, error } = found;
    if (next !== undefined && error === undefined) void load(next);
  }, [found]);
  return { ...found, loadMore, reload: () => void load() };
}

function rowOf(live: Live): { row: DeliveryRow | undefined; isNew: boolean } {
  if (live.source !== "listener") return { row: undefined, isNew: false };
  return { row: live.row, isNew: live.event.type === "delivery" || live.event.type === "rejected" };
}

/** The newest page again: what was loaded beyond it stays, if the two meet. */
function withFirst(old: Found, { rows, next, count }: DeliveryPage): Found {
  const last = rows.at(-1);
  const at = last === undefined ? -1 : old.rows.findIndex(({ id }) => id === last.id);
  const rest = at < 0 ? [] : old.rows.slice(at + 1);
  return { rows: [...rows, ...rest], count, next: rest.length > 0 ? old.next : next, isLoaded: true, error: undefined };
}

function withNext(old: Found, { rows, next, count }: DeliveryPage): Found {
  const ids = new Set(old.rows.map(({ id }) => id));
  const added = rows.filter(({ id }) => !ids.has(id));
  return { rows: [...old.rows, ...added], count, next, isLoaded: true, error: undefined };
}

/** How far from the top a row is looked for that has changed. */
const NEAR = 2000;

function withRow(old: Found, row: DeliveryRow, isNew: boolean): Found {
  if (!old.isLoaded) return old;
  const at = old.rows.slice(0, NEAR).findIndex(({ id }) => id === row.id);
  if (at >= 0) return { ...old, rows: old.rows.with(at, row) };
  if (!isNew) return old;
  return { ...old, rows: [row, ...old.rows], count: { ...old.count, value: old.count.value + 1 } };
}
