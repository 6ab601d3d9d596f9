/** A product message contains a product that is no longer in the catalog. Sent until 2024. */
import { defineStatus } from "./status.ts";

export const warning = defineStatus(
  "warning",
  { default: { customer: { userId: false } } },
  "a product of the message is no longer in the catalog",
);
