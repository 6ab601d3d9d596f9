/** A message of a type that wa-hook has no kind for: shown by its name and kept. Its example is a type that does not exist. */
import * as z from "zod";

import { defineInbound } from "./message.ts";

export const unknown = defineInbound("unknown", {
  shape: { type: z.string() },
  examples: {
    default: { type: "hologram", hologram: { id: "hologram-1", depth: 3 } },
  },
  summary: ({ type }) => `a message type that wa-hook does not know: ${type}`,
});
