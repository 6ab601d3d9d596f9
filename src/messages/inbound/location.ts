/** A location; a shared pin has coordinates only. */
import * as z from "zod";

import { scalar } from "../parts.ts";
import { defineInbound } from "./message.ts";

export const location = defineInbound("location", {
  shape: {
    location: z.looseObject({
      latitude: scalar,
      longitude: scalar,
      name: z.string().nullish(),
      address: z.string().nullish(),
    }),
  },
  examples: {
    default: {
      location: {
        latitude: 50.9413,
        longitude: 6.9583,
        name: "Cathedral square",
        address: "Domkloster 4, 50667 Köln",
        url: "https://example.com/places/4",
      },
    },
    pin: { location: { latitude: 50.941278, longitude: 6.958281 } },
  },
  summary: ({ location: place }) =>
    [`${place.latitude}, ${place.longitude}`, place.name, place.address].filter(Boolean).join(" · "),
});
