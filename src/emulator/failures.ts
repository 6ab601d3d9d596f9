/** Failure injection: makes requests fail with a chosen error. */
import { UsageError } from "../errors.ts";
import { GraphErrorResponse } from "./http/graph-response.ts";
import type { DeliveryError } from "./messaging/payloads.ts";
import { checkFailure, type Failure } from "./options.ts";

interface ActiveFailure {
  failure: Failure;
  /** How many requests matched so far. */
  matched: number;
}

const MAX_ACTIVE = 100;

export class Failures {
  #active: ActiveFailure[] = [];

  /** Those that are active, oldest first. */
  get list(): Failure[] {
    return this.#active.map(({ failure }) => failure);
  }

  /** Throws a `UsageError` when the failure is invalid or too many are active. */
  add(failure: Failure): void {
    checkFailure(failure);
    if (this.#active.length >= MAX_ACTIVE) {
      throw new UsageError(`${MAX_ACTIVE} failures are already active`, {
        code: "emulate.failure",
        hint: "reset the emulator: POST /_wa-hook/reset",
      });
    }
    this.#active.push({ failure, matched: 0 });
  }

  clear(): void {
    this.#active = [];
  }

  /** Throws the injected error when one applies to this request. */
  maybeFail(category: "messages" | "media" | undefined): void {
    const due = this.#next(({ on = "messages", as }) => as !== "status" && (on === "all" || on === category));
    if (due !== undefined) throw errorOf(due);
  }

  /** The injected error of an accepted message, for its `failed` status; undefined when none applies. */
  failedStatus(): DeliveryError | undefined {
    const due = this.#next(({ as }) => as === "status");
    return due === undefined ? undefined : { code: due.code, details: DETAILS };
  }

  /** The first failure that is due among those that apply; counts one request for each that it passes. */
  #next(applies: (failure: Failure) => boolean): Failure | undefined {
    for (const active of this.#active) {
      const { every = 1, times = Infinity } = active.failure;
      if (!applies(active.failure)) continue;
      active.matched++;
      if (active.matched % every !== 0) continue;
      if (active.matched >= times * every) this.#active.splice(this.#active.indexOf(active), 1);
      return active.failure;
    }
    return undefined;
  }
}

const DETAILS = "injected by the emulator's failure settings";

function errorOf({ code, subcode }: Failure): GraphErrorResponse {
  return new GraphErrorResponse(code, subcode === undefined ? { details: DETAILS } : { details: DETAILS, subcode });
}
