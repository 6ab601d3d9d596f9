/** A customer opened the chat for the first time; sent when welcome messages are enabled. */
import { defineInbound } from "./message.ts";

export const requestWelcome = defineInbound("request_welcome", {
  shape: {},
  examples: { default: {} },
  summary: () => "opened the chat for the first time",
});
