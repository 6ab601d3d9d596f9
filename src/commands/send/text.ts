/** `wa-hook send text`: a text message. */
import * as z from "zod";

import { defineCommand, input, yes } from "../../terminal/command.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  text: input("<text>", "up to 4096 characters", z.string()),
  previewUrl: input("--preview-url", "show a preview of the first address in the text", yes),
  ...sendInputs,
});

export const sendText = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ['wa-hook send text "Hello" --to +16505551234', "a text to an allowed number"],
    ['wa-hook send text "Hello"', "choose among WHATSAPP_ALLOWED_NUMBERS"],
    ['wa-hook send text "Hello" --wait delivered', "and wait until wa-hook listen has seen it arrive"],
    ['wa-hook send text "Hello" --dry-run', "the request as curl, and nothing is sent"],
  ],

  run: (inputs, world) =>
    send(inputs, world, {
      type: "text",
      text: { body: inputs.text, ...(inputs.previewUrl ? { preview_url: true } : {}) },
    }),

  print: printSend,
});
