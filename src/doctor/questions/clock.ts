/** Is this machine's clock right? */
import { span } from "../../graph/token-findings.ts";
import { answer, type Question } from "../question.ts";
import { inspect } from "./token.ts";

const TOLERATED_MS = 5 * 60_000;

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
    if (Math.abs(skew) < TOLERATED_MS) return [answer(clock, "pass", { got: "as Meta's" })];
    const got = `${span(Math.abs(skew) / 1000)} ${skew < 0 ? "ahead of" : "behind"} Meta's`;
    const fix = "set the clock, or let the system set it: tokens and certificates are judged by it";
    return [answer(clock, "warn", { got, fix })];
  },
};
