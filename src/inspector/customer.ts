/** What the page does as the emulator's customer. */
import type { Emulator } from "../emulator/emulator.ts";
import { GraphErrorResponse } from "../emulator/http/graph-response.ts";
import { UsageError } from "../errors.ts";
import type { CustomerAction, CustomerMessage } from "./api.ts";

/** Resolves with the id of the message and the customer's user id. Rejects with a `UsageError` for what a customer cannot send. */
export async function receive(emulator: Emulator, { message, from = {} }: CustomerMessage) {
  return explained(() => emulator.receive(message, from));
}

/** Resolves with the id of a new call. Rejects with a `UsageError` when it is impossible. */
export async function act(emulator: Emulator, action: CustomerAction): Promise<{ id?: string }> {
  return explained(() => emulator.act(action));
}

/** The rules that the business has to keep hold for its customers, too: there is no second call. */
async function explained<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof GraphErrorResponse)) throw error;
    const { message, options } = error;
    throw new UsageError(options.details ?? message, { code: "inspector.refused", cause: error });
  }
}
