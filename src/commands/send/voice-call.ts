/** `wa-hook send voice-call`: sends a button that calls the business in WhatsApp. */
import * as z from "zod";

import { defineCommand, duration, input } from "../../terminal/command.ts";
import { body, headerInputs, interactive } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  label: input("--label <text>", "The button's label, up to 20 characters", z.string().optional()),
  expires: input("--expires <time>", "How long the button can be tapped, from 1m to 30d", duration.optional()),
  payload: input("--payload <text>", "Returned in the webhooks of the call", z.string().optional()),
  ...headerInputs,
  ...sendInputs,
});

export const sendVoiceCall = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    [
      'wa-hook send voice-call "Any questions?" --label "Call us" --to +16505551234',
      "Needs calling enabled on the number",
    ],
    [
      'wa-hook send voice-call "Any questions?" --expires 1d --payload order-17',
      "A button that can be tapped for a day",
    ],
  ],

  run: (inputs, world) => {
    const { label, expires, payload } = inputs;
    const parameters = {
      ...(label === undefined ? {} : { display_text: label }),
      ...(expires === undefined ? {} : { ttl_minutes: Math.ceil(expires / 60_000) }),
      ...(payload === undefined ? {} : { payload }),
    };
    const given = Object.keys(parameters).length === 0 ? {} : { parameters };
    return send(inputs, world, interactive("voice_call", inputs, { name: "voice_call", ...given }));
  },

  print: printSend,
});
