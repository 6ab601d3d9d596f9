/** `wa-hook send template`: sends an approved template, the only kind of message allowed more than 24 hours after the customer's last. */
import * as z from "zod";

import { mediaKindOf } from "../../messages/media-types.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { mediaSource, type SourceOptions } from "../inputs/media-source.ts";
import { send, sendInputs, type Content } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  name: input("<name>", "The name in WhatsApp Manager, such as hello_world", z.string()),
  language: input(
    "--language <code>",
    "The language, such as en_US or de (default: en_US)",
    z.string().default("en_US"),
  ),
  param: input(
    "--param <text|name=text>",
    "A body parameter: {{1}}, {{2}} … in order, or by name (repeatable)",
    z.array(z.string()).default([]),
  ),
  header: input(
    "--header <text|file|url>",
    "The header parameter: text, or an image, video or document",
    z.string().optional(),
  ),
  buttonParam: input(
    "--button-param <index=text>",
    "A button parameter: the URL suffix, or index=payload:text for a quick reply (repeatable)",
    z.array(z.string().regex(/^\d=/, "must be index=text, such as 0=order-17")).default([]),
  ),
  ...sendInputs,
});

export const sendTemplate = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ["wa-hook send template hello_world --to +16505551234", "The template that Meta's test numbers can send"],
    ["wa-hook send template order_shipped --language de --param 17 --param Friday", "Set {{1}} and {{2}}"],
  ],

  run: (inputs, world) =>
    send(inputs, world, async function* (sender) {
      const options = { sender, cwd: world.cwd, dryRun: inputs.dryRun };
      const header = inputs.header === undefined ? undefined : yield* headerOf(inputs.header, options);
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

/** A file or a URL with the extension of a media type is media; anything else is text. */
async function* headerOf(typed: string, options: SourceOptions): AsyncGenerator<SendEvent, Content, void> {
  const extension = /\.\w+$/.exec(typed)?.[0].toLowerCase() ?? "";
  const kind = mediaKindOf(extension)?.kind;
  if (kind === undefined || kind === "audio" || kind === "sticker") return { type: "text", text: typed };
  const { object } = yield* mediaSource(typed, kind, options);
  return { type: kind, [kind]: object };
}
