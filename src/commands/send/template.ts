/** `wa-hook send template`: sends an approved template, the only kind of message allowed more than 24 hours after the customer's last. */
import * as z from "zod";

import { InterruptedError, UsageError, WaHookError } from "../../errors.ts";
import { findTemplates, type Template } from "../../graph/templates.ts";
import { needsOf } from "../../messages/template-needs.ts";
import { envName } from "../../setting-names.ts";
import { defineCommand, input, notice, setting, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import type { Sender } from "../inputs/media-source.ts";
import { send, sendExits, sendInputs, type Content } from "./send.ts";
import { componentsOf, typedButton, typedComponents } from "./template-components.ts";
import { titleOf, valuesOf, type ReadTemplate } from "./template-values.ts";
import { printSend, type SendEvent } from "./view.ts";

const pairs = (usage: string, help: string, form: RegExp, message: string) =>
  input(usage, help, z.array(z.string().regex(form, message)).default([]));

const inputs = z.object({
  name: input("<name>", "The name in WhatsApp Manager, such as hello_world", z.string()),
  language: input(
    "--language <code>",
    "The language, such as en_US or de (default: the only one, or en_US)",
    z.string().optional(),
  ),
  param: input(
    "--param <text|name=text>",
    "A body parameter: {{1}}, {{2}} … in order, or by name (repeatable)",
    z.array(z.string()).default([]),
  ),
  header: input(
    "--header <text|file|url>",
    "The header parameter: text, a location, or an image, video or document",
    z.string().optional(),
  ),
  buttonParam: pairs(
    "--button-param <index=text>",
    "A button parameter: the URL suffix, a coupon code, or index=payload:text for a quick reply (repeatable)",
    /^\d=/,
    "must be index=text, such as 0=order-17",
  ),
  card: pairs(
    "--card <card.part=value>",
    "A parameter of a card: 0.header=photo.jpg, 0.1=text or 0.button0=text (repeatable)",
    /^\d\.\w+=/,
    "must be card.part=value, such as 0.header=photo.jpg",
  ),
  expires: input(
    "--expires <time>",
    "When a limited-time offer ends, such as 12h or 2d from now",
    z.string().optional(),
  ),
  businessAccountId: setting(
    "businessAccountId",
    "--business-account-id <id>",
    "WhatsApp Business Account (WABA) id, to read the template from",
  ),
  ...sendInputs,
});

type Inputs = z.output<typeof inputs>;

export const sendTemplate = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ["wa-hook send template hello_world --to +16505551234", "The template that Meta's test numbers can send"],
    ["wa-hook send template order_shipped", "In a terminal, ask for the parameters that the template has"],
    ["wa-hook send template order_shipped --language de --param 17 --param Friday", "Set {{1}} and {{2}}"],
    ["wa-hook send template appointment --param customer=Sheena --param time=10:30", "Set named parameters"],
    ["wa-hook send template summer --card 0.header=a.png --card 1.header=b.png", "Set the images of a carousel"],
  ],

  run: (inputs, world) =>
    send(inputs, world, async function* (sender) {
      const template = yield* readTemplate(inputs, sender, world);
      const options = { sender, cwd: world.cwd, dryRun: inputs.dryRun, now: world.now() };
      const components =
        template === undefined
          ? yield* typedComponents(inputs, options)
          : [
              ...(yield* componentsOf(yield* valuesOf(template, inputs, world), options)),
              ...optionalButtons(template, inputs),
            ];
      const code = template?.language ?? inputs.language ?? DEFAULT_LANGUAGE;
      const parts = components.length === 0 ? {} : { components };
      return { type: "template", template: { name: inputs.name, language: { code }, ...parts } };
    }),

  print: printSend,
});

const DEFAULT_LANGUAGE = "en_US";

/** The values for buttons that need none, such as the payload of a quick reply. */
function optionalButtons({ needs }: ReadTemplate, { buttonParam }: Inputs): Content[] {
  const isNeeded = (at: number) => needs.some(({ button, card }) => button === at && card === undefined);
  return buttonParam.filter((typed) => !isNeeded(Number(typed.slice(0, 1)))).map(typedButton);
}

/** The account's template in the wanted language; nothing when it cannot be read, or with `--force`. */
async function* readTemplate(
  inputs: Inputs,
  { graph }: Sender,
  world: World,
): AsyncGenerator<Notice, ReadTemplate | undefined, void> {
  if (inputs.force) return undefined;
  const account = inputs.businessAccountId?.value;
  if (account === undefined || inputs.accessToken === undefined) {
    const name = envName(account === undefined ? "businessAccountId" : "accessToken");
    yield notice(`Template not checked: ${name} is not set`);
    return undefined;
  }
  let found: Template[];
  try {
    found = await findTemplates(graph, account, inputs.name);
  } catch (error) {
    if (!(error instanceof WaHookError) || error instanceof InterruptedError) throw error;
    yield notice(`Template not checked: ${error.message}`);
    return undefined;
  }
  const template = await inLanguage(found, inputs, world);
  if (template.status !== "APPROVED") {
    yield notice(`! ${titleOf(template)} is ${template.status}; Meta sends approved templates only`);
  }
  const { message, cards } = needsOf(template);
  return { ...template, needs: [...message, ...cards.flat()] };
}

async function inLanguage(found: readonly Template[], inputs: Inputs, { ask }: World): Promise<Template> {
  const { name, language, businessAccountId } = inputs;
  const languages = found.map((each) => each.language).join(", ");
  const wanted = (language ?? DEFAULT_LANGUAGE).toLowerCase();
  const match = found.find((each) => each.language.toLowerCase() === wanted);
  const [only, ...others] = found;
  if (only === undefined) {
    throw new UsageError(`the account ${businessAccountId?.value} has no template ${name}`, {
      code: "template.missing",
      hint: "check its name in WhatsApp Manager → Message templates, or use --force to send it unchecked",
    });
  }
  if (language === undefined) {
    if (others.length === 0) return only;
    if (ask !== undefined) {
      return ask.choose(
        "Language",
        found.map((each) => ({ name: each.language, value: each })),
      );
    }
  }
  if (match !== undefined) return match;
  throw new UsageError(`the template ${name} exists in ${languages}, not in ${language ?? DEFAULT_LANGUAGE}`, {
    code: "template.language",
    hint: `use --language ${only.language}`,
  });
}
