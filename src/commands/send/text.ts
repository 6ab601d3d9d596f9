/** `wa-hook send text`: sends a text message. */
import * as z from "zod";

import { envName } from "../../setting-names.ts";
import { defineCommand, input, yes } from "../../terminal/command.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  text: input("<text>", "The text, up to 4096 characters", z.string()),
  previewUrl: input("--preview-url", "Show a preview of the first URL in the text", yes),
  ...sendInputs,
});

export const sendText = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send text "Hello" --to +16505551234', "Send a text to an allowed number"],
    ['wa-hook send text "Hello"', `Choose from ${envName("allowedNumbers")}`],
    ['wa-hook send text "Hello" --wait delivered', "Wait until wa-hook listen receives the status delivered"],
    ['wa-hook send text "Hello" --dry-run', "Print the request as curl without sending it"],
  ],

  run: (inputs, world) =>
    send(inputs, world, {
      type: "text",
      text: { body: inputs.text, ...(inputs.previewUrl ? { preview_url: true } : {}) },
    }),

  print: printSend,
});
