/** `wa-hook send pin`: pins a message in a group, or unpins it. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { defineCommand, input, whole, yes } from "../../terminal/command.ts";
import { MESSAGE_ID, resolveMessageId } from "../inputs/message-id.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  message: input("<message id>", `The message in the group (${MESSAGE_ID})`, z.string()),
  days: input("--days <n>", "How long it stays pinned, in days", whole(1, 365).optional()),
  unpin: input("--unpin", "Unpin it", yes),
  ...sendInputs,
});

export const sendPin = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ["wa-hook send pin @last --days 7 --to Y2FwaV9ncm91cDoxMjM0NTY3ODkw", "Pin the last received message in a group"],
    ["wa-hook send pin @last --unpin --to Y2FwaV9ncm91cDoxMjM0NTY3ODkw", "Unpin it"],
  ],

  async *run(inputs, world) {
    if (inputs.to === undefined) {
      throw new UsageError("no group is given", {
        code: "recipient.missing",
        hint: "use --to with the group ID, which the webhook group_lifecycle_update reports",
      });
    }
    const message_id = await resolveMessageId(inputs.message, inputs, world);
    const expiration = inputs.days === undefined || inputs.unpin ? {} : { expiration_days: inputs.days };
    const pin = { type: inputs.unpin ? "unpin" : "pin", message_id, ...expiration };
    yield* send(inputs, world, { recipient_type: "group", type: "pin", pin });
  },

  print: printSend,
});
