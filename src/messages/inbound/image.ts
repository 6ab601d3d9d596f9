/** A picture. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeMedia, media } from "../parts.ts";

const picture = {
  mime_type: "image/jpeg",
  sha256: "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX/GUI=",
  id: "1003383421387256",
};

export const image = defineKind("image", {
  schema: z.looseObject({ image: media({}) }),
  examples: {
    default: { image: picture },
    "with-caption": { image: { caption: "This is the broken hinge, see the café receipt", ...picture } },
    "with-url": {
      image: {
        ...picture,
        url: "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1003383421387256&source=webhook&ext=1785499500&hash=ATtestHash0123456789",
      },
    },
  },
  summary: ({ image: picture }) => describeMedia(picture),
});
