/** `wa-hook send location-request`: asks the recipient for a location. */
import * as z from "zod";

import { defineCommand } from "../../terminal/command.ts";
import { body, interactive } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({ body, ...sendInputs });

export const sendLocationRequest = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send location-request "Where shall we bring it?" --to +16505551234', "The reply is a location message"],
  ],

  run: (inputs, world) =>
    send(inputs, world, interactive("location_request_message", inputs, { name: "send_location" })),

  print: printSend,
});
