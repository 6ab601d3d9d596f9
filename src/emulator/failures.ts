/** Failure injection: makes requests fail with a chosen error. */
import { UsageError } from "../errors.ts";
import { GraphErrorResponse } from "./http/graph-response.ts";
import { checkFailure, type Failure } from "./options.ts";

interface ActiveFailure {
  failure: Failure;
  /** How many requests matched so far. */
  matched: number;
}

const MAX_ACTIVE = 100;

export class Failures {
  readonly #active: ActiveFailure[] = [];

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

  /** Throws the injected error when one applies to this request. */
  maybeFail(category: "messages" | "media" | undefined): void {
    for (const active of this.#active) {
      const { on = "messages", every = 1, times = Infinity } = active.failure;
      if (on !== "all" && on !== category) continue;
      active.matched++;
      if (active.matched % every !== 0) continue;
      if (active.matched >= times * every) this.#active.splice(this.#active.indexOf(active), 1);
      throw errorOf(active.failure);
    }
  }
}

function errorOf({ code, subcode }: Failure): GraphErrorResponse {
  const details = "injected by the emulator's failure settings";
  return new GraphErrorResponse(code, subcode === undefined ? { details } : { details, subcode });
}
