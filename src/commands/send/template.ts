/** `wa-hook send template`: an approved template, the only message outside the 24 hours after the customer's last. */
import * as z from "zod";

import { mediaKindOf } from "../../messages/media-types.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { sourceOf } from "../inputs/media-source.ts";
import { send, sendInputs, type Content } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  name: input("<name>", "as in WhatsApp Manager, such as hello_world", z.string()),
  language: input(
    "--language <code>",
    "its language, such as en_US or de (default: en_US)",
    z.string().default("en_US"),
  ),
  param: input(
    "--param <text|name=text>",
    "for {{1}}, {{2}} … of the body in their order, or by name (repeatable)",
    z.array(z.string()).default([]),
  ),
  header: input(
    "--header <text|file|url>",
    "for the header: a text, or its image, video or document",
    z.string().optional(),
  ),
  buttonParam: input(
    "--button-param <index=text>",
    "the end of a button's address, or a quick reply's payload as index=payload:text (repeatable)",
    z.array(z.string().regex(/^\d=/, "must be index=text, such as 0=order-17")).default([]),
  ),
  ...sendInputs,
});

export const sendTemplate = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ["wa-hook send template hello_world --to +16505551234", "the template that every new account has"],
    ["wa-hook send template order_shipped --language de --param 17 --param Friday", "with values for {{1}} and {{2}}"],
  ],

  run: (inputs, world) =>
    send(inputs, world, async function* (sending) {
      const place = { sending, cwd: world.cwd, dryRun: inputs.dryRun };
      const header = inputs.header === undefined ? undefined : yield* headerOf(inputs.header, place);
      const components = [
        ...(header === undefined ? [] : [{ type: "header", parameters: [header] }]),
        ...(inputs.param.length === 0 ? [] : [{ type: "body", parameters: inputs.param.map(bodyParameter) }]),
        ...inputs.buttonParam.map(button),
      ];
      const language = { code: inputs.language };
      const parts = components.length === 0 ? {} : { components };
      return { type: "template", template: { name: inputs.name, language, ...parts } };
    }),

  print: printSend,
});

function bodyParameter(typed: string): Content {
  const [, name, text] = /^([a-z_][a-z0-9_]*)=(.*)$/s.exec(typed) ?? [];
  return name === undefined ? { type: "text", text: typed } : { type: "text", parameter_name: name, text };
}

function button(typed: string): Content {
  const [index, value] = [typed.slice(0, 1), typed.slice(2)];
  const payload = /^payload:(.*)$/s.exec(value)?.[1];
  return payload === undefined
    ? { type: "button", sub_type: "url", index, parameters: [{ type: "text", text: value }] }
    : { type: "button", sub_type: "quick_reply", index, parameters: [{ type: "payload", payload }] };
}

/** A file or an address whose ending is that of some media is one; anything else is text. */
async function* headerOf(
  typed: string,
  place: Parameters<typeof sourceOf>[2],
): AsyncGenerator<SendEvent, Content, void> {
  const ending = /\.\w+$/.exec(typed)?.[0].toLowerCase() ?? "";
  const kind = mediaKindOf(ending)?.kind;
  if (kind === undefined || kind === "audio" || kind === "sticker") return { type: "text", text: typed };
  const { object } = yield* sourceOf(typed, kind, place);
  return { type: kind, [kind]: object };
}
