/** A document of at most 100 MB. */
import * as z from "zod";

import { defineOutbound } from "./kind.ts";
import { caption, describeMedia, filename, media } from "./parts.ts";

export const document = defineOutbound("document", {
  schema: z.looseObject({ document: media({ caption, filename }) }),
  examples: {
    default: {
      document: { id: "1376223850470843", caption: "Your invoice for July", filename: "invoice 2026-07.pdf" },
    },
    link: { document: { link: "https://example.com/files/price-list.pdf", filename: "price-list.pdf" } },
  },
  summary: (message) => describeMedia(message.document),
});
