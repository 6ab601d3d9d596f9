/** Errors that the emulator was told to answer with. */
import { UsageError } from "../errors.ts";
import { Refusal } from "./http/answer.ts";
import { checkFailure, type Failure } from "./options.ts";

interface Armed {
  failure: Failure;
  /** How many requests it has looked at. */
  seen: number;
}

const MAX_ARMED = 100;

export class Failures {
  readonly #armed: Armed[] = [];

  /** Throws a `UsageError` when it can never happen, or there are too many. */
  add(failure: Failure): void {
    checkFailure(failure);
    if (this.#armed.length >= MAX_ARMED) {
      throw new UsageError(`there are ${MAX_ARMED} failures already`, {
        code: "emulate.failure",
        hint: "reset the emulator",
      });
    }
    this.#armed.push({ failure, seen: 0 });
  }

  /** Throws the error whose turn it is. */
  strike(on: "messages" | "media" | undefined): void {
    for (const armed of this.#armed) {
      const { on: which = "messages", every = 1, next = Infinity } = armed.failure;
      if (which !== "all" && which !== on) continue;
      armed.seen++;
      if (armed.seen % every !== 0) continue;
      if (armed.seen >= next * every) this.#armed.splice(this.#armed.indexOf(armed), 1);
      throw refusalOf(armed.failure);
    }
  }
}

function refusalOf({ code, subcode }: Failure): Refusal {
  const details = "the emulator was told to answer with this error";
  return new Refusal(code, subcode === undefined ? { details } : { details, subcode });
}
