/** `wa-hook send buttons`: a question with up to three answers. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { aroundInputs, body, interactive, titled } from "./interactive.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  button: input("--button <title|id=title>", "up to 3, of 20 characters (repeatable)", z.array(z.string()).default([])),
  ...aroundInputs,
  ...sendInputs,
});

export const sendButtons = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [['wa-hook send buttons "Is ten right?" --button yes=Yes --button no=No', "the reply brings the id"]],

  run: (inputs, world) => {
    const buttons = inputs.button.map((typed) => ({ type: "reply", reply: titled(typed) }));
    return send(inputs, world, interactive("button", inputs, { buttons }));
  },

  print: printSend,
});
