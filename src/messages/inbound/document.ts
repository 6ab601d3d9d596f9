/** A file. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeMedia, media, quote } from "../parts.ts";

export const document = defineKind("document", {
  schema: z.looseObject({ document: media({ filename: z.string().optional() }) }),
  examples: {
    default: {
      document: {
        caption: "The signed order form",
        filename: "order-form 2026.pdf",
        mime_type: "application/pdf",
        sha256: "Wm0tG5cF1dU8oK2qR7yB/3nS6aJ9xV4eH0lTzPiQwMc=",
        id: "1376223850470843",
      },
    },
  },
  summary: ({ document: file }) => describeMedia(file, file.filename === undefined ? undefined : quote(file.filename)),
});
