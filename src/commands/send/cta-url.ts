/** `wa-hook send cta-url`: a button that opens an address. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { aroundInputs, body, interactive } from "./interactive.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  url: input("<url>", "what the button opens", z.string()),
  label: input("--label <text>", "what is on it, up to 20 characters (default: Open)", z.string().default("Open")),
  ...aroundInputs,
  ...sendInputs,
});

export const sendCtaUrl = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [['wa-hook send cta-url "Your ticket" https://example.com/t/17 --label Show', "a button with an address"]],

  run: (inputs, world) => {
    const parameters = { display_text: inputs.label, url: inputs.url };
    return send(inputs, world, interactive("cta_url", inputs, { name: "cta_url", parameters }));
  },

  print: printSend,
});
