/** A JPEG or PNG image of at most 5 MB. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { caption, describeMedia, media } from "./parts.ts";

export const image = defineKind("image", {
  schema: z.looseObject({ image: media({ caption }) }),
  examples: {
    default: { image: { id: "1003383421387256", caption: "The blue one, seen from behind" } },
    link: { image: { link: "https://example.com/pictures/blue.png" } },
  },
  summary: (message) => describeMedia(message.image),
});
