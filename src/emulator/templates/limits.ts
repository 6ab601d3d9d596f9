/** The limits of template management. Source: Meta, "Template management". */
import type { Clock } from "../clock.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import { limitReached, notEditable } from "./refusals.ts";

/** Names, each in any number of languages; more for verified businesses. */
const MAX_NAMES = 250;
/** Bounds memory: Meta documents no limit for the languages of a name. */
const MAX_TEMPLATES = 500;
const MAX_CREATIONS_PER_HOUR = 100;
const MAX_EDITS = { perDay: 1, perMonth: 10 };
/** How long the name of a deleted template that was approved cannot be used again. */
export const REUSE_DAYS = 30;
const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Throws a `GraphErrorResponse` when the account has too many templates for one of this name. */
export function checkCount(names: readonly string[], name: string): void {
  const known = new Set(names);
  if ((known.size >= MAX_NAMES && !known.has(name)) || names.length >= MAX_TEMPLATES) throw limitReached(MAX_NAMES);
}

/** Counts creations within an hour, and edits within a day and 30 days. Times are milliseconds since 1970. */
export class ManagementLimits {
  readonly #clock: Clock;
  readonly #enabled: boolean;
  #creations: number[] = [];
  readonly #edits = new Map<string, number[]>();

  constructor(clock: Clock, enabled: boolean) {
    this.#clock = clock;
    this.#enabled = enabled;
  }

  /** Throws a `GraphErrorResponse` when 100 templates were created within the last hour. */
  create(): void {
    const now = this.#clock.now();
    this.#creations = this.#creations.filter((at) => now - at < HOUR_MS);
    if (this.#enabled && this.#creations.length >= MAX_CREATIONS_PER_HOUR) {
      const details = `the account has created ${MAX_CREATIONS_PER_HOUR} message templates within an hour`;
      throw new GraphErrorResponse(80007, { details });
    }
    if (this.#enabled) this.#creations.push(now);
  }

  /** Of an approved template. Throws a `GraphErrorResponse` when it was edited too often. */
  edit(id: string): void {
    if (!this.#enabled) return;
    const now = this.#clock.now();
    const edits = (this.#edits.get(id) ?? []).filter((at) => now - at < 30 * DAY_MS);
    if (edits.filter((at) => now - at < DAY_MS).length >= MAX_EDITS.perDay) {
      throw notEditable("An approved template can be edited once in 24 hours.");
    }
    if (edits.length >= MAX_EDITS.perMonth) {
      throw notEditable("An approved template can be edited 10 times in 30 days.");
    }
    this.#edits.set(id, [...edits, now]);
  }

  forget(id: string): void {
    this.#edits.delete(id);
  }
}
