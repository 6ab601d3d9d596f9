/** `wa-hook send location`: sends a location. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const degrees = z.string().transform((typed, context) => {
  const [, latitude, longitude] = /^(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)$/.exec(typed.trim()) ?? [];
  if (latitude !== undefined) return { latitude: Number(latitude), longitude: Number(longitude) };
  context.addIssue("must be latitude and longitude, such as 52.5163,13.3777");
  return z.NEVER;
});

const inputs = z.object({
  place: input("<latitude,longitude>", "In degrees; put -- before a negative latitude", degrees),
  name: input("--name <text>", "The name of the place", z.string().optional()),
  address: input("--address <text>", "The address of the place", z.string().optional()),
  ...sendInputs,
});

export const sendLocation = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ["wa-hook send location 52.5163,13.3777 --name Gate --to +16505551234", "A location with a name"],
    ["wa-hook send location --to +16505551234 -- -33.8568,151.2153", "A location south of the equator"],
  ],

  run: (inputs, world) => {
    const { place, name, address } = inputs;
    const about = { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) };
    return send(inputs, world, { type: "location", location: { ...place, ...about } });
  },

  print: printSend,
});
