/** Is this machine's clock right? */
import { describeSkew } from "../../graph/token-findings.ts";
import { answer, type Question } from "../question.ts";
import { inspect } from "./token.ts";

export const clock: Question = {
  code: "clock",
  title: "is this machine's clock right?",
  expected: "Meta's clock",
  needs: [],
  refused: "skip",
  async ask(patient, known) {
    if (known.skew === undefined) await inspect(patient, known);
    const { skew } = known;
    if (skew === undefined) return [answer(clock, "skip", { got: "Meta told nothing that has its time" })];
    const got = describeSkew(skew);
    if (got === undefined) return [answer(clock, "pass", { got: "as Meta's" })];
    const fix = "set the clock, or let the system set it: tokens and certificates are judged by it";
    return [answer(clock, "warn", { got, fix })];
  },
};
