/** Flags that edit a delivery before it is sent or shown. */
import * as z from "zod";

import type { Edits } from "../../replay/edit.ts";
import { input, yes } from "../../terminal/command.ts";

export const editInputs = {
  set: input(
    "--set <path=value>",
    "Change a value of the message, or from the root with $. (repeatable)",
    z.array(z.string()).default([]),
  ),
  from: input(
    "--from <number>",
    "Change the sender's number",
    z
      .string()
      .regex(/^\+?[\d\s()-]{5,25}$/, "must be a phone number")
      .optional(),
  ),
  hideNumbers: input(
    "--hide-numbers",
    "Replace customers' numbers by user ids and usernames, as when they hide them",
    yes,
  ),
  fresh: input("--fresh", "Use new message ids and timestamps; listen forwards known ids only once", yes),
  escape: input(
    "--escape <basic|full>",
    "Escapes in the JSON; full also escapes @, % and < (default: basic)",
    z.enum(["basic", "full"], "must be basic or full").default("basic"),
  ),
};

type EditInputs = z.output<z.ZodObject<typeof editInputs>>;

export function editsOf({ set, from, fresh, hideNumbers }: EditInputs): Edits {
  return { set, fresh, hideNumbers, ...(from === undefined ? {} : { from: from.replaceAll(/\D/g, "") }) };
}
