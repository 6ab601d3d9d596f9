/** `wa-hook send reaction`: adds an emoji to a message, or removes it. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { MESSAGE_ID, resolveMessageId } from "../inputs/message-id.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  emoji: input("[emoji]", "The reaction; leave it out to remove the reaction", z.string().default("")),
  message: input("--message <message id>", `React to this message (${MESSAGE_ID})`, z.string().optional()),
  ...sendInputs,
});

export const sendReaction = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ["wa-hook send reaction 👍 --message @last --to +16505551234", "React to the last received message"],
    ["wa-hook send reaction --message @last --to +16505551234", "Remove the reaction"],
  ],

  async *run(inputs, world) {
    const { emoji, message } = inputs;
    if (message === undefined) {
      throw new UsageError("--message is missing", {
        code: "reaction.message",
        hint: "use --message @last, or @12 for delivery 12; wa-hook events list shows the numbers",
      });
    }
    const id = await resolveMessageId(message, inputs, world);
    yield* send(inputs, world, { type: "reaction", reaction: { message_id: id, emoji } });
  },

  print: printSend,
});
