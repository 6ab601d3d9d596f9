/** The answers of an app to its customers, as the emulator accepts them. */
import { readAnswer, type Answer, type Answers } from "../messages/answer.ts";
import type { Emulator } from "./emulator.ts";
import type { EmulatedRequest } from "./event.ts";

const MAX_ANSWERS = 20_000;
const MAX_REJECTED = 1000;

export interface EmulatedAnswers extends Answers {
  /** The requests for customers that the Graph API rejected, oldest first. */
  rejected(): readonly EmulatedRequest[];
}

/** Collects answers from this call on, until the emulator is closed. Requests that were rejected are no answers. */
export function answersOf(emulator: Emulator): EmulatedAnswers {
  const collected = new Collected();
  const events = emulator.events();
  void (async () => {
    for await (const event of events) if (event.type === "request") collected.add(event);
    collected.end();
  })();
  return collected;
}

class Collected implements EmulatedAnswers {
  readonly #answers: Answer[] = [];
  readonly #rejected: EmulatedRequest[] = [];
  readonly #waiting = new Set<() => void>();
  #lastAt = performance.now();
  #ended = false;

  all(): readonly Answer[] {
    return this.#answers;
  }

  rejected(): readonly EmulatedRequest[] {
    return this.#rejected;
  }

  add(request: EmulatedRequest): void {
    const { method, path, body, at, status } = request;
    const answers = readAnswer({ method, path, body, at });
    if (answers.length === 0) return;
    if (status >= 400) {
      this.#rejected.push(request);
      if (this.#rejected.length > MAX_REJECTED) this.#rejected.shift();
    } else {
      for (const answer of answers) this.#answers.push(answer);
      if (this.#answers.length > MAX_ANSWERS) this.#answers.splice(0, this.#answers.length - MAX_ANSWERS);
    }
    this.#lastAt = performance.now();
    this.#notify();
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  async wait(fits: (answer: Answer) => boolean, ms: number, signal?: AbortSignal): Promise<Answer | undefined> {
    const deadline = performance.now() + ms;
    for (;;) {
      const found = this.#answers.find(fits);
      const left = deadline - performance.now();
      if (found !== undefined || left <= 0 || this.#ended || signal?.aborted === true) return found;
      await this.#changed(left, signal);
    }
  }

  async settle(ms: number): Promise<void> {
    const from = performance.now();
    for (;;) {
      const left = Math.max(from, this.#lastAt) + ms - performance.now();
      if (left <= 0 || this.#ended) return;
      await this.#changed(left);
    }
  }

  /** Resolves at the next answer, after `ms` milliseconds, or when the signal aborts. */
  #changed(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
      signal?.addEventListener("abort", done, { once: true });
    });
  }

  #notify(): void {
    for (const resolve of this.#waiting) resolve();
  }
}
