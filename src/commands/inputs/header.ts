/** An HTTP header as typed: `X-Team: blue`. */
import * as z from "zod";

export const headerLine = z.string().transform((typed, context): [name: string, value: string] => {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*([\x20-\x7e]*)$/.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  context.addIssue("must be a header such as X-Team: blue");
  return z.NEVER;
});
