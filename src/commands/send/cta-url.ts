/** `wa-hook send cta-url`: sends a button that opens a URL. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { headerInputs, body, interactive } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  url: input("<url>", "The URL that the button opens", z.string()),
  label: input("--label <text>", "The button's label, up to 20 characters (default: Open)", z.string().default("Open")),
  ...headerInputs,
  ...sendInputs,
});

export const sendCtaUrl = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [['wa-hook send cta-url "Your ticket" https://example.com/t/17 --label Show', "A button that opens a URL"]],

  run: (inputs, world) => {
    const parameters = { display_text: inputs.label, url: inputs.url };
    return send(inputs, world, interactive("cta_url", inputs, { name: "cta_url", parameters }));
  },

  print: printSend,
});
