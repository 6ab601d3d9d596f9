/** A message of a type that this version has no kind for; its example has a type that does not exist. */
import * as z from "zod";

import { defineInbound } from "./message.ts";

export const unknown = defineInbound("unknown", {
  shape: { type: z.string() },
  examples: {
    default: { type: "hologram", hologram: { id: "hologram-1", depth: 3 } },
  },
  summary: ({ type }) => `unknown message type: ${type}`,
});
