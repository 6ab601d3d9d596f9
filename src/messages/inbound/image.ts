/** An image. */
import { describeMedia, media } from "../parts.ts";
import { defineInbound, exampleUrl } from "./message.ts";

const picture = {
  mime_type: "image/jpeg",
  sha256: "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX/GUI=",
  id: "1003383421387256",
};

export const image = defineInbound("image", {
  shape: { image: media({}) },
  examples: {
    default: { image: picture },
    "with-caption": { image: { caption: "This is the broken hinge, see the café receipt", ...picture } },
    "with-url": { image: { ...picture, url: exampleUrl(picture.id) } },
    referral: {
      referral: {
        source_url: "https://fb.me/testAd0003",
        source_id: "120200000000000003",
        source_type: "ad",
        body: "Send us a photo, we find the part.",
        headline: "Broken?",
        media_type: "image",
        image_url: "https://example.com/ads/broken.jpg",
      },
      image: picture,
    },
    undownloadable: {
      errors: [
        {
          code: 131052,
          title: "Media download error",
          message: "Media download error",
          error_data: { details: "The file sent by the customer could not be downloaded because it is too large." },
        },
      ],
    },
  },
  summary: ({ image: picture }) => describeMedia(picture),
});
