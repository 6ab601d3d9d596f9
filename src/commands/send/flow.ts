/** `wa-hook send flow`: sends a button that opens a flow. */
import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { defineCommand, input, yes } from "../../terminal/command.ts";
import { headerInputs, body, interactive } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  flow: input("--flow <id|name>", "The flow to open", z.string().optional()),
  label: input("--label <text>", "The button's label (default: Open)", z.string().default("Open")),
  screen: input("--screen <id>", "The first screen", z.string().optional()),
  data: input("--data <json>", "Input data of the first screen", z.string().optional()),
  flowToken: input("--flow-token <text>", "Returned with the response", z.string().optional()),
  draft: input("--draft", "Send a flow that is not published yet", yes),
  ...headerInputs,
  ...sendInputs,
});

export const sendFlow = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [['wa-hook send flow "Book a table" --flow 1234567890 --screen START', "Start with the screen START"]],

  run: (inputs, world) => {
    const { flow, label, screen, data, flowToken, draft } = inputs;
    if (flow === undefined) {
      throw new UsageError("--flow is missing", {
        code: "flow.missing",
        hint: "use the ID shown in WhatsApp Manager → Flows",
      });
    }
    const payload = screen === undefined ? undefined : { screen, ...(data === undefined ? {} : { data: parse(data) }) };
    const parameters = {
      flow_message_version: "3",
      ...(/^\d+$/.test(flow) ? { flow_id: flow } : { flow_name: flow }),
      flow_cta: label,
      ...(flowToken === undefined ? {} : { flow_token: flowToken }),
      ...(draft ? { mode: "draft" } : {}),
      ...(payload === undefined ? {} : { flow_action: "navigate", flow_action_payload: payload }),
    };
    return send(inputs, world, interactive("flow", inputs, { name: "flow", parameters }));
  },

  print: printSend,
});

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new UsageError(`--data is not valid JSON: ${reasonOf(cause)}`, {
      code: "flow.data",
      hint: `use the form --data '{"name":"value"}'`,
      cause,
    });
  }
}
