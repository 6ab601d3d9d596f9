/** The recipient has opened the message; a `delivered` may have been skipped. */
import { defineStatus } from "./status.ts";

export const read = defineStatus("read", { default: {} });
