/** `wa-hook webhook set`: registers a callback URL until it is restored. */
import * as z from "zod";

import { httpUrl } from "../../http/url.ts";
import type { RegistrationEvent } from "../../registration/event.ts";
import { register } from "../../registration/register.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { graphUrlOf, needToken, openGraph, targetOf } from "../inputs/graph.ts";
import { registrationLine } from "../views/registration.ts";
import { level, needVerifyToken, openJournal, verifyToken, webhookInputs } from "./inputs.ts";

const url = z
  .string()
  .refine((typed) => httpUrl(typed) !== undefined, "must be an https:// URL")
  .refine((typed) => typed.length <= 200, "must have at most 200 characters");

const inputs = z.object({
  url: input("<url>", "Callback URL; must use https:// and pass the handshake", url),
  level,
  verifyToken,
  ...webhookInputs,
});

export const webhookSet = defineCommand<typeof inputs, RegistrationEvent>({
  inputs,
  examples: [
    ["wa-hook webhook set https://example.com/webhook", "Override for this phone number"],
    ["wa-hook webhook set https://example.com/webhook --level app", "Callback of the app"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    const { url } = inputs;
    const verify = needVerifyToken(inputs.verifyToken);
    await using graph = openGraph(inputs, world);
    const target = targetOf(graph, inputs.level, inputs);
    using journal = await openJournal(world);
    const context = { target, graphUrl: graphUrlOf(inputs), verifyToken: verify, journal };
    yield* register(context, { url, lasting: true, signal: world.signal });
  },

  print: (event, paint) => ({ notice: registrationLine(event, paint) }),
});
