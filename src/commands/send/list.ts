/** `wa-hook send list`: up to ten rows to choose one from. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { aroundInputs, body, interactive, titled } from "./interactive.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  row: input(
    "--row <title|id=title|description>",
    "up to 10: id=Title|description; a section as Section/id=Title (repeatable)",
    z.array(z.string()).default([]),
  ),
  button: input("--button <title>", "what opens the list (default: Choose)", z.string().default("Choose")),
  ...aroundInputs,
  ...sendInputs,
});

export const sendList = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ['wa-hook send list "How fast?" --row "a=Slow|3 days" --row "b=Fast|a day"', "rows with a description"],
    ['wa-hook send list "Which?" --row Tea/g=Green --row Tea/b=Black --row Juice', "in two sections"],
  ],

  run: (inputs, world) =>
    send(inputs, world, interactive("list", inputs, { button: inputs.button, sections: sectionsOf(inputs.row) })),

  print: printSend,
});

/** The rows under their sections, in the order in which they were typed. */
function sectionsOf(typed: readonly string[]): object[] {
  const sections = new Map<string, object[]>();
  for (const row of typed) {
    const [, section = "", rest = row] = /^([^/=|]+)\/(.*)$/s.exec(row) ?? [];
    const [choice = "", description] = rest.split("|", 2);
    const rows = sections.get(section) ?? [];
    rows.push({ ...titled(choice), ...(description === undefined ? {} : { description }) });
    sections.set(section, rows);
  }
  return [...sections].map(([title, rows]) => ({ ...(title === "" ? {} : { title }), rows }));
}
