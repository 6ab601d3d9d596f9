/** `wa-hook webhook set`: a callback URL that stays. */
import * as z from "zod";

import { defineCommand, input } from "../cli/command.ts";
import { survey, type Before } from "../graph/registration.ts";
import { isRunning, readRegistration } from "../store/registration.ts";
import { httpUrl } from "../url.ts";
import { graphUrlOf, needToken, openGraph, targetOf } from "./graph.ts";
import { registrationLine } from "./registering-lines.ts";
import { type RegistrationEvent, writeAndRegister } from "./registering.ts";
import { level, needVerifyToken, stillThere, verifyToken, webhookInputs } from "./webhook-inputs.ts";

const url = z
  .string()
  .refine((typed) => httpUrl(typed) !== undefined, "must be an https:// address")
  .refine((typed) => typed.length <= 200, "may have 200 characters");

const inputs = z.object({
  url: input("<url>", "the callback: https://, and a handshake must succeed there", url),
  level,
  verifyToken,
  ...webhookInputs,
});

export const webhookSet = defineCommand<typeof inputs, RegistrationEvent>({
  inputs,
  examples: [
    ["wa-hook webhook set https://example.com/webhook", "for this phone number"],
    ["wa-hook webhook set https://example.com/webhook --level app", "for everything that the app gets"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    const callback = { url: inputs.url, verifyToken: needVerifyToken(inputs.verifyToken) };
    await using graph = openGraph(inputs, world);
    const target = targetOf(graph, inputs.level, inputs);
    const before = await survey(target);
    const earlier = readRegistration<Before>(world.cwd);
    if (earlier !== undefined && isRunning(earlier)) throw stillThere(earlier.pid);
    // What a person wants back is the oldest, not what was tried in between.
    const oldest = earlier?.before.level === inputs.level ? earlier.before : before;
    const graphUrl = graphUrlOf(inputs);
    await writeAndRegister(target, callback, before, { cwd: world.cwd, graphUrl, toRestore: oldest });
    const { url: previous } = before;
    yield {
      type: "registered",
      level: inputs.level,
      url: callback.url,
      lasting: true,
      ...(previous === undefined ? {} : { previous }),
    };
  },

  print: (event, paint) => ({ notice: registrationLine(event, paint) }),
});
