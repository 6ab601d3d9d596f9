/** How fast an app gets requests: one at a time after an interruption, twice as many with each response, none while it is to be left alone. */
import { delayAfter, type Backoff } from "./retry-policy.ts";

const MAX_IN_FLIGHT = 32;

export class Throttle {
  #allowed = MAX_IN_FLIGHT;
  #pausedUntil = 0;
  /** Successive attempts that did not reach the app. */
  #missed = 0;

  /** Whether another request may be sent beside so many. */
  allows(inFlight: number): boolean {
    return inFlight < this.#allowed && performance.now() >= this.#pausedUntil;
  }

  /** Whether the app can be reached, as far as is known. */
  get reachable(): boolean {
    return this.#missed === 0;
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
  }

  /** The app has responded. */
  responded(): void {
    this.#missed = 0;
    this.#allowed = Math.min(MAX_IN_FLIGHT, this.#allowed * 2);
  }

  /** The app may have ended with a delivery: the others come back carefully. */
  interrupted(): void {
    this.#allowed = 1;
  }

  /** The app was not reached. Returns how long to wait, in milliseconds; nothing when a pause has begun already. */
  missed(backoff: Backoff): number | undefined {
    this.#allowed = 1;
    if (performance.now() < this.#pausedUntil) return undefined;
    const ms = delayAfter(++this.#missed, backoff);
    this.pause(ms);
    return ms;
  }
}
