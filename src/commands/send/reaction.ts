/** `wa-hook send reaction`: an emoji on a message, or none. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  emoji: input("[emoji]", "leave it away to take the reaction back", z.string().default("")),
  message: input("--message <message id>", "the message that it is put on", z.string().optional()),
  ...sendInputs,
});

export const sendReaction = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ["wa-hook send reaction 👍 --message wamid.HBgL… --to +16505551234", "on a message of the last 30 days"],
    ["wa-hook send reaction --message wamid.HBgL… --to +16505551234", "takes it back"],
  ],

  run: (inputs, world) => {
    const { emoji, message } = inputs;
    if (message === undefined) {
      throw new UsageError("--message is missing: a reaction is put on a message", {
        code: "reaction.message",
        hint: "wa-hook events list shows the ids of what was received",
      });
    }
    return send(inputs, world, { type: "reaction", reaction: { message_id: message, emoji } });
  },

  print: printSend,
});
