/** What the routes of the page's API share. */
import { UsageError } from "../../errors.ts";
import type { LocalRequest } from "../../http/local-routes.ts";
import type { Conversations } from "../conversations.ts";
import type { History } from "../history.ts";
import type { Ledger } from "../ledger.ts";
import type { LiveEvents } from "../live.ts";
import type { Media } from "../media.ts";
import type { Notes } from "../notes.ts";
import type { Scenarios } from "../scenarios.ts";
import type { Sources } from "../sources.ts";

export interface Parts {
  sources: Sources;
  ledger: Ledger;
  live: LiveEvents;
  /** Missing without a listener. */
  history: History | undefined;
  conversations: Conversations;
  media: Media;
  notes: Notes;
  scenarios: Scenarios;
  /** Aborts when the server closes. */
  signal: AbortSignal;
}

/** A whole number in the query. Throws a `UsageError` for anything else. */
export function numberIn(
  query: LocalRequest["query"],
  name: string,
  [min, max]: [min: number, max: number],
): number | undefined {
  const typed = query.get(name);
  if (typed === null || typed === "") return undefined;
  const value = /^\d{1,16}$/.test(typed) ? Number(typed) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}`, { code: "inspector.query" });
}

/** Undefined when it is missing or empty. Throws a `UsageError` when it is too long. */
export function textIn(query: LocalRequest["query"], name: string, maxLength = 1000): string | undefined {
  const typed = query.get(name) ?? "";
  if (typed.length > maxLength) {
    throw new UsageError(`${name} has at most ${maxLength} characters`, { code: "inspector.query" });
  }
  return typed === "" ? undefined : typed;
}

/** The page size; default: 100. */
export function limitIn(query: LocalRequest["query"], max = 500): number {
  return numberIn(query, "limit", [1, max]) ?? 100;
}
