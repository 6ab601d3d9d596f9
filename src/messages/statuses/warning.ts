/** A product message shows something that the catalogue no longer has. In deliveries until 2024. */
import { defineStatus } from "./status.ts";

export const warning = defineStatus("warning", { default: {} }, "a product of the message is not in the catalogue");
