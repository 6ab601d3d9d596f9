/** The customer has deleted a message of theirs. In deliveries until 2024; since then there is the message kind `revoke`. */
import { defineStatus } from "./status.ts";

export const deleted = defineStatus("deleted", { default: {} }, "the customer took the message back");
