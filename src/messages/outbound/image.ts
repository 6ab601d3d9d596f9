/** A JPEG or PNG image of at most 5 MB. */
import * as z from "zod";

import { defineOutbound } from "./kind.ts";
import { caption, describeMedia, media, noFilename } from "./parts.ts";

export const image = defineOutbound("image", {
  schema: z.looseObject({ image: media({ caption, filename: noFilename }) }),
  examples: {
    default: { image: { id: "1003383421387256", caption: "The blue one, seen from behind" } },
    link: { image: { link: "https://example.com/pictures/blue.png" } },
  },
  summary: (message) => describeMedia(message.image),
});
