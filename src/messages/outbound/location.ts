/** A location. Coordinates are numbers or strings, because Meta's pages have both. */
import * as z from "zod";

import { formatValue } from "../kind.ts";
import { defineOutbound } from "./kind.ts";
import { nonEmpty, addProblem, object } from "./limits.ts";

function within(limit: number): z.ZodType<string | number> {
  return z.union([z.number(), nonEmpty]).superRefine((value, context) => {
    const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
    if (Number.isNaN(number)) addProblem(context, `must be a number of degrees, not ${formatValue(value)}`);
    else if (Math.abs(number) > limit) addProblem(context, `must be between -${limit} and ${limit}, not ${value}`);
  });
}

/** The `location` object, also used as a template parameter. */
export const locationObject = object({
  latitude: within(90),
  longitude: within(180),
  name: z.string().optional(),
  address: z.string().optional(),
});

export const location = defineOutbound("location", {
  schema: z.looseObject({ location: locationObject }),
  examples: {
    default: {
      location: { latitude: 50.9413, longitude: 6.9583, name: "Cathedral square", address: "Domkloster 4, 50667 Köln" },
    },
    pin: { location: { latitude: "50.941278", longitude: "6.958281" } },
  },
  summary: ({ location: { latitude, longitude, name, address } }) =>
    [`${latitude}, ${longitude}`, name, address].filter(Boolean).join(" · "),
});
