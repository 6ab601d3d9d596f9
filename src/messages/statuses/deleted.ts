/** The customer deleted a message. Sent until 2024, before the message kind `revoke`. */
import { defineStatus } from "./status.ts";

export const deleted = defineStatus("deleted", { default: { customer: { userId: false } } }, "deleted by the customer");
