/** A customer has opened the chat and written nothing yet; sent when welcome messages are switched on. */
import { defineInbound } from "./message.ts";

export const requestWelcome = defineInbound("request_welcome", {
  shape: {},
  examples: { default: {} },
  summary: () => "opened the chat for the first time",
});
