/** `wa-hook send flow`: a form made with WhatsApp Flows. */
import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { defineCommand, input, yes } from "../../terminal/command.ts";
import { aroundInputs, body, interactive } from "./interactive.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  flow: input("--flow <id|name>", "which flow", z.string().optional()),
  label: input("--label <text>", "what is on the button (default: Open)", z.string().default("Open")),
  screen: input("--screen <id>", "the screen that it begins with", z.string().optional()),
  data: input("--data <json>", "what that screen is given", z.string().optional()),
  flowToken: input("--flow-token <text>", "comes back with the answer", z.string().optional()),
  draft: input("--draft", "the flow is not published yet", yes),
  ...aroundInputs,
  ...sendInputs,
});

export const sendFlow = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [['wa-hook send flow "Book a table" --flow 1234567890 --screen START', "opens at its screen START"]],

  run: (inputs, world) => {
    const { flow, label, screen, data, flowToken, draft } = inputs;
    if (flow === undefined) {
      throw new UsageError("--flow is missing: which flow is it?", {
        code: "flow.missing",
        hint: "its id is in WhatsApp Manager under Flows",
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
    throw new UsageError(`--data is not JSON: ${reasonOf(cause)}`, {
      code: "flow.data",
      hint: `write it as in --data '{"name":"value"}'`,
      cause,
    });
  }
}
