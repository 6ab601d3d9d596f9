/** Codes of embedded signup, which an app exchanges for a business token. Source: Meta, "Embedded Signup": valid for 10 minutes, once. */
import { Bounded } from "../bounded.ts";
import type { Clock } from "../clock.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";

const MAX_CODES = 1000;
const VALID_SECONDS = 600;

export class SignupCodes {
  readonly #codes = new Bounded<{ expiresAt: number; used: boolean }>(MAX_CODES);
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor({ clock, ids }: { clock: Clock; ids: Ids }) {
    this.#clock = clock;
    this.#ids = ids;
  }

  issue(): { code: string; expires_in: number } {
    const code = `AQEmulatedCode${this.#ids.token()}`;
    this.#codes.set(code, { expiresAt: this.#clock.seconds() + VALID_SECONDS, used: false });
    return { code, expires_in: VALID_SECONDS };
  }

  /** Throws a `GraphErrorResponse` when the code is unknown, expired or used. */
  redeem(code: string): void {
    const known = this.#codes.get(code);
    if (known === undefined) throw new GraphErrorResponse(100, { message: "Invalid verification code format." });
    if (known.used) {
      throw new GraphErrorResponse(100, { message: "This authorization code has been used.", subcode: 36_009 });
    }
    if (known.expiresAt <= this.#clock.seconds()) {
      throw new GraphErrorResponse(100, { message: "This authorization code has expired.", subcode: 36_007 });
    }
    known.used = true;
  }
}
