/** The customers that a number has blocked. Source: Meta, "Block users". */
import { findErrorCode } from "../../meta-errors/error-table.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import type { Customer } from "../messaging/customers.ts";
import type { Context } from "./context.ts";
import { findPerson, idsOf } from "./people.ts";

const MAX_BLOCKED = 64_000;

/** The result for one customer: blocked, unblocked, or why not. */
interface Outcome {
  input: string;
  wa_id?: string;
  user_id?: string;
  errors?: object[];
}

export class BlockList {
  /** By user id. */
  readonly #blocked = new Map<string, Customer>();
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  list(): object[] {
    return [...this.#blocked.values()].map((person) => ({ messaging_product: "whatsapp", ...idsOf(person) }));
  }

  has(userId: string): boolean {
    return this.#blocked.has(userId);
  }

  /** Throws a `GraphErrorResponse` when the list is full. */
  block(input: string): Outcome {
    const { account, customers } = this.#context;
    const found = findPerson(input, this.#context.customers);
    if (found === undefined) return { input, errors: [problem(131_047, "The number is not a WhatsApp user")] };
    const ids = idsOf(found);
    if (found.waId === account.displayNumber) {
      return { input, ...ids, errors: [problem(131_021, "A number cannot block itself")] };
    }
    if (!customers.hasOpenWindow(found.userId)) {
      return { input, ...ids, errors: [problem(131_047, "The user has not sent a message in the last 24 hours")] };
    }
    if (this.#blocked.size >= MAX_BLOCKED && !this.#blocked.has(found.userId)) {
      throw new GraphErrorResponse(139_101, { details: `the blocklist has reached its limit of ${MAX_BLOCKED} users` });
    }
    this.#blocked.set(found.userId, found);
    return { input, ...ids };
  }

  unblock(input: string): Outcome {
    const found = findPerson(input, this.#context.customers);
    if (found === undefined) return { input, errors: [problem(131_047, "The number is not a WhatsApp user")] };
    this.#blocked.delete(found.userId);
    return { input, ...idsOf(found) };
  }
}

function problem(code: number, details: string): object {
  return { code, message: `(#${code}) ${findErrorCode(code)?.title ?? ""}`, error_data: { details } };
}
