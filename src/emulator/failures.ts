/** Errors that the emulator was told to answer with. */
import { Refusal } from "./answer.ts";
import type { Failure } from "./options.ts";

interface Armed {
  failure: Failure;
  /** How many requests it has looked at. */
  seen: number;
}

export class Failures {
  readonly #armed: Armed[] = [];

  add(failure: Failure): void {
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
