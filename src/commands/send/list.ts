/** `wa-hook send list`: sends a list of up to ten rows to choose from. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { headerInputs, body, interactive, parseChoice, sectionsOf } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  row: input(
    "--row <title|id=title|description>",
    "A row: id=Title|description, or Section/id=Title (repeatable, up to 10)",
    z.array(z.string()).default([]),
  ),
  button: input(
    "--button <title>",
    "The label of the button that opens the list (default: Choose)",
    z.string().default("Choose"),
  ),
  ...headerInputs,
  ...sendInputs,
});

export const sendList = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send list "How fast?" --row "a=Slow|3 days" --row "b=Fast|a day"', "Rows with descriptions"],
    ['wa-hook send list "Which?" --row Tea/g=Green --row Tea/b=Black --row Juice', "Rows in sections"],
  ],

  run: (inputs, world) =>
    send(
      inputs,
      world,
      interactive("list", inputs, { button: inputs.button, sections: sectionsOf("rows", inputs.row.map(rowOf)) }),
    ),

  print: printSend,
});

/** `id=Title|description`, after `Section/` where it has one. */
function rowOf(typed: string): [section: string, row: object] {
  const [, section = "", rest = typed] = /^([^/=|]+)\/(.*)$/s.exec(typed) ?? [];
  const [choice = "", description] = rest.split("|", 2);
  return [section, { ...parseChoice(choice), ...(description === undefined ? {} : { description }) }];
}
