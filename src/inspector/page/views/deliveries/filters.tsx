/** What the table of deliveries is limited to; it stands in the address, so that it can be shared and survives reloading. */
import type { Ref } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../parts/icon.tsx";
import { Button } from "../../parts/pieces.tsx";
import type { Query } from "../../wire/server.ts";

const NAMES = ["search", "kind", "from", "status", "time", "since", "until"] as const;

export type Filters = Readonly<Record<(typeof NAMES)[number], string>>;

const STATUSES = [
  ["", "Any status"],
  ["accepted", "Accepted"],
  ["duplicate", "Duplicate"],
  ["rejected", "Rejected"],
  ["delivered", "App accepted"],
  ["pending", "Waiting for the app"],
  ["failed", "App failed"],
] as const;

const TIMES = [
  ["", "Any time"],
  ["5", "Last 5 minutes"],
  ["60", "Last hour"],
  ["1440", "Last day"],
  ["between", "Between …"],
] as const;

const KINDS = [
  "text",
  "image",
  "audio",
  "video",
  "document",
  "sticker",
  "location",
  "contacts",
  "interactive",
  "button",
];
const MORE_KINDS = ["reaction", "order", "sent", "delivered", "read", "failed", "malformed"];
const MINUTE_MS = 60_000;
const TYPING_MS = 250;

export function filtersIn(query: URLSearchParams): Filters {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])) as Filters;
}

export function isFiltered(filters: Filters): boolean {
  return NAMES.some((name) => filters[name] !== "");
}

/** For the server. Relative times are of this moment. */
export function queryOf({ search, kind, from, status, time, since, until }: Filters): Query {
  const minutes = Number(time);
  const times =
    time === "between"
      ? { since: timeIn(since), until: timeIn(until) }
      : { since: minutes > 0 ? Date.now() - minutes * MINUTE_MS : undefined };
  return { search, kind, from, status, ...times };
}

function timeIn(typed: string): number | undefined {
  const at = Date.parse(typed);
  return Number.isNaN(at) ? undefined : at;
}

interface BarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
  search: Ref<HTMLInputElement>;
}

export function FilterBar({ filters, onChange, search }: BarProps) {
  const set = (name: keyof Filters) => (value: string) => onChange({ ...filters, [name]: value });
  return (
    <search class="filters" aria-label="Filters">
      <label class="search">
        <Icon name="search" />
        <Typed label="Search text" value={filters.search} onChange={set("search")} inputRef={search} type="search" />
      </label>
      <Typed label="Kind" value={filters.kind} onChange={set("kind")} list="kinds" />
      <datalist id="kinds">
        {[...KINDS, ...MORE_KINDS].map((kind) => (
          <option key={kind} value={kind} />
        ))}
      </datalist>
      <Typed label="Sender" value={filters.from} onChange={set("from")} />
      <Choice label="Status" value={filters.status} options={STATUSES} onChange={set("status")} />
      <Choice label="Time" value={filters.time} options={TIMES} onChange={set("time")} />
      {filters.time === "between" && (
        <>
          <Typed label="From" type="datetime-local" value={filters.since} onChange={set("since")} />
          <Typed label="Until" type="datetime-local" value={filters.until} onChange={set("until")} />
        </>
      )}
      {isFiltered(filters) && <Button onClick={() => onChange(filtersIn(new URLSearchParams()))}>Clear</Button>}
    </search>
  );
}

interface TypedProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  inputRef?: Ref<HTMLInputElement>;
  type?: "text" | "search" | "datetime-local";
  list?: string;
}

/** Takes effect when one stops typing. */
function Typed({ label, value, onChange, inputRef, type = "text", list }: TypedProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      ref={inputRef ?? null}
      type={type}
      list={list}
      aria-label={label}
      placeholder={label}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map(([each, name]) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  );
}
