/** `wa-hook send buttons`: asks a question with up to three reply buttons. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { headerInputs, body, interactive, parseChoice } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  button: input(
    "--button <title|id=title>",
    "A button, with up to 20 characters (repeatable, up to 3)",
    z.array(z.string()).default([]),
  ),
  ...headerInputs,
  ...sendInputs,
});

export const sendButtons = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send buttons "Is ten right?" --button yes=Yes --button no=No', "The reply contains the ID of the button"],
  ],

  run: (inputs, world) => {
    const buttons = inputs.button.map((typed) => ({ type: "reply", reply: parseChoice(typed) }));
    return send(inputs, world, interactive("button", inputs, { buttons }));
  },

  print: printSend,
});
