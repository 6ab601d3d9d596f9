/** `wa-hook send flow`: sends a button that opens a flow. */
import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { defineCommand, input, yes } from "../../terminal/command.ts";
import { headerInputs, body, interactive } from "./interactive.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  flow: input("--flow <id|name>", "The flow to open", z.string().optional()),
  label: input("--label <text>", "The button's label (default: Open)", z.string().default("Open")),
  flowAction: input(
    "--flow-action <action>",
    "navigate: start with --screen; data_exchange: the endpoint of the flow chooses the first screen",
    z.enum(["navigate", "data_exchange"], "must be navigate or data_exchange").optional(),
  ),
  screen: input("--screen <id>", "The first screen, for navigate", z.string().optional()),
  data: input("--data <json>", "Input data of the first screen", z.string().optional()),
  flowToken: input("--flow-token <text>", "Returned with the response", z.string().optional()),
  draft: input("--draft", "Send a flow that is not published yet", yes),
  ...headerInputs,
  ...sendInputs,
});

export const sendFlow = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ['wa-hook send flow "Book a table" --flow 1234567890 --screen START', "Start with the screen START"],
    [
      'wa-hook send flow "Book a table" --flow booking --flow-action data_exchange',
      "Start with the screen that the endpoint responds with",
    ],
  ],

  run: (inputs, world) => {
    const { flow, label, flowToken, draft } = inputs;
    if (flow === undefined) {
      throw new UsageError("--flow is missing", {
        code: "flow.missing",
        hint: "use the ID shown in WhatsApp Manager → Flows",
      });
    }
    const parameters = {
      flow_message_version: "3",
      ...(/^\d+$/.test(flow) ? { flow_id: flow } : { flow_name: flow }),
      flow_cta: label,
      ...(flowToken === undefined ? {} : { flow_token: flowToken }),
      ...(draft ? { mode: "draft" } : {}),
      ...startOf(inputs),
    };
    return send(inputs, world, interactive("flow", inputs, { name: "flow", parameters }));
  },

  print: printSend,
});

/** Source: Meta, "Sending a Flow": `flow_action_payload` is for `navigate` only, and has a screen. */
function startOf({ flowAction, screen, data }: z.output<typeof inputs>): object {
  const first = screen === undefined ? "--data" : "--screen";
  if (flowAction === "data_exchange" && (screen !== undefined || data !== undefined)) {
    throw new UsageError(`${first} cannot be combined with --flow-action data_exchange`, {
      code: "flow.action",
      hint: "leave it out: the endpoint responds to INIT with the first screen and its data",
    });
  }
  if (screen === undefined && data !== undefined) {
    throw new UsageError("--data needs a screen", { code: "flow.screen", hint: "add --screen with the first screen" });
  }
  const action = flowAction ?? (screen === undefined ? undefined : "navigate");
  return {
    ...(action === undefined ? {} : { flow_action: action }),
    ...(screen === undefined
      ? {}
      : { flow_action_payload: { screen, ...(data === undefined ? {} : { data: parse(data) }) } }),
  };
}

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
