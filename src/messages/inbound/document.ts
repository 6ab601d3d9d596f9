/** A document. */
import * as z from "zod";

import { describeMedia, media, quote } from "../parts.ts";
import { defineInbound, exampleUrl } from "./message.ts";

const form = {
  caption: "The signed order form",
  filename: "order-form 2026.pdf",
  mime_type: "application/pdf",
  sha256: "Wm0tG5cF1dU8oK2qR7yB/3nS6aJ9xV4eH0lTzPiQwMc=",
  id: "1376223850470843",
};

export const document = defineInbound("document", {
  shape: { document: media({ filename: z.string().nullish() }) },
  examples: {
    default: { document: form },
    "with-url": { document: { ...form, url: exampleUrl(form.id) } },
  },
  summary: ({ document: file }) => describeMedia(file, file.filename == null ? undefined : quote(file.filename)),
});
