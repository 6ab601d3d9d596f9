/** Does this machine's clock agree with Meta's? */
import { describeSkew } from "../../graph/token-findings.ts";
import { finding, type Question } from "../question.ts";
import { inspect } from "./token.ts";

export const clock: Question = {
  code: "clock",
  title: "System clock",
  expected: "within 5 minutes of Meta's clock",
  needs: [],
  refused: "skip",
  async ask(context, facts) {
    if (facts.skew === undefined) await inspect(context, facts);
    const { skew } = facts;
    if (skew === undefined)
      return [finding(clock, "skip", { got: "not checked: no response from Meta to compare with" })];
    const got = describeSkew(skew);
    if (got === undefined) return [finding(clock, "pass", { got: "in sync with Meta" })];
    return [finding(clock, "warn", { got, fix: "set the system clock: token and certificate checks depend on it" })];
  },
};
