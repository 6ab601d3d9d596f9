/** A place. Its coordinates are numbers or text: Meta's pages have both. */
import * as z from "zod";

import { defineKind, show } from "../kind.ts";
import { filled, report } from "./limits.ts";

function within(limit: number): z.ZodType<string | number> {
  return z.union([z.number(), filled]).superRefine((value, context) => {
    const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
    if (Number.isNaN(number)) report(context, `must be a number of degrees, not ${show(value)}`);
    else if (Math.abs(number) > limit) report(context, `must lie between -${limit} and ${limit}, not at ${value}`);
  });
}

/** Also a parameter of a template. */
export const place = z.strictObject({
  latitude: within(90),
  longitude: within(180),
  name: filled.optional(),
  address: filled.optional(),
});

export const location = defineKind("location", {
  schema: z.looseObject({ location: place }),
  examples: {
    default: {
      location: { latitude: 50.9413, longitude: 6.9583, name: "Cathedral square", address: "Domkloster 4, 50667 Köln" },
    },
    pin: { location: { latitude: "50.941278", longitude: "6.958281" } },
  },
  summary: ({ location: { latitude, longitude, name, address } }) =>
    [`${latitude}, ${longitude}`, name, address].filter(Boolean).join(" · "),
});
