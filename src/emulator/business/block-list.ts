/** The customers that a number has blocked. Source: Meta, "Block users". */
import { findErrorCode } from "../../meta-errors/error-table.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import { digitsIn } from "../messaging/recipient.ts";
import type { Context } from "./context.ts";

const MAX_BLOCKED = 64_000;

/** The result for one customer: blocked, unblocked, or why not. */
interface Outcome {
  input: string;
  wa_id?: string;
  user_id?: string;
  errors?: object[];
}

export class BlockList {
  /** User ids by WhatsApp id. */
  readonly #blocked = new Map<string, string>();
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  list(): { messaging_product: string; wa_id: string; user_id: string }[] {
    return [...this.#blocked].map(([wa_id, user_id]) => ({ messaging_product: "whatsapp", wa_id, user_id }));
  }

  has(waId: string): boolean {
    return this.#blocked.has(waId);
  }

  /** Throws a `GraphErrorResponse` when the list is full. */
  block(input: string): Outcome {
    const { account, customers } = this.#context;
    const found = this.#find(input);
    if (found === undefined) return { input, errors: [problem(131_047, "The number is not a WhatsApp user")] };
    const ids = { wa_id: found.waId, user_id: found.userId };
    if (found.waId === account.displayNumber) {
      return { input, ...ids, errors: [problem(131_021, "A number cannot block itself")] };
    }
    if (!customers.hasOpenWindow(found.waId)) {
      return { input, ...ids, errors: [problem(131_047, "The user has not sent a message in the last 24 hours")] };
    }
    if (this.#blocked.size >= MAX_BLOCKED && !this.#blocked.has(found.waId)) {
      throw new GraphErrorResponse(139_101, { details: `the blocklist has reached its limit of ${MAX_BLOCKED} users` });
    }
    this.#blocked.set(found.waId, found.userId);
    return { input, ...ids };
  }

  unblock(input: string): Outcome {
    const found = this.#find(input);
    if (found === undefined) return { input, errors: [problem(131_047, "The number is not a WhatsApp user")] };
    this.#blocked.delete(found.waId);
    return { input, wa_id: found.waId, user_id: found.userId };
  }

  /** The customer with a phone number or a business-scoped user id. */
  #find(input: string): { waId: string; userId: string } | undefined {
    const { customers } = this.#context;
    const number = digitsIn(input);
    return number === undefined ? customers.findByUserId(input) : customers.get(number);
  }
}

function problem(code: number, details: string): object {
  return { code, message: `(#${code}) ${findErrorCode(code)?.title ?? ""}`, error_data: { details } };
}
