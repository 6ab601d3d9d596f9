/** Renders a mistake of an app: its cause, its fix, and how to do that in several frameworks. */
import { pad, wrap, type Paint } from "../../terminal/paint.ts";
import type { Mistake } from "../../webhook/mistakes.ts";
import { fixLines } from "./findings.ts";

export function mistakeLines({ cause, fix, snippets = [] }: Mistake, paint: Paint): string[] {
  return [
    wrap(`    ${cause}`, paint.width, 4),
    ...fixLines(fix, paint),
    ...snippets.map(({ framework, code }) => wrap(`      ${pad(framework, 14)} ${code}`, paint.width, 8)),
  ];
}
