/** Who answers in a conversation: the app, or the business agent. Source: Meta, "Business Agent", thread control. */
import { Bounded } from "../bounded.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import type { Customer } from "../messaging/customers.ts";
import type { Context } from "./context.ts";

export const THREAD_ACTIONS = ["pass", "release", "take"] as const;

const MAX_THREADS = 10_000;

export class Threads {
  /** The conversations that the agent answers, by user id. */
  readonly #withAgent = new Bounded<true>(MAX_THREADS);
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Throws a `GraphErrorResponse` when the app cannot pass a conversation that it does not hold, or take one that it holds. */
  control(userId: string, action: (typeof THREAD_ACTIONS)[number]): void {
    const held = !this.#withAgent.has(userId);
    if (held === (action === "take")) {
      const details = held
        ? "this app already controls the conversation"
        : "this app does not control the conversation";
      throw new GraphErrorResponse(2_494_191, { message: "(#2494191) Thread control is not permitted", details });
    }
    if (action === "take") this.#withAgent.delete(userId);
    else this.#withAgent.set(userId, true);
  }

  /** The agent hands the conversation over to the app. */
  handOver({ waId, userId }: Customer): void {
    const { account, changes, clock } = this.#context;
    this.#withAgent.delete(userId);
    changes.emit("messaging_handovers", {
      messaging_product: "whatsapp",
      type: "control_passed",
      timestamp: String(clock.seconds()),
      sender: waId === undefined ? { user_id: userId } : { phone_number: waId },
      recipient: { display_phone_number: account.displayNumber, phone_number_id: account.phoneNumberId },
      control_passed: { previous_owner_role: "ai_agent", new_owner_role: "escalation" },
    });
  }
}
