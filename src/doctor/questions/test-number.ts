/** Is it one of Meta's test numbers, which write to few? */
import { answer, type Question } from "../question.ts";

export const testNumber: Question = {
  code: "test-number",
  title: "whom may it write to?",
  expected: "those who should get messages",
  needs: ["accessToken", "phoneNumberId"],
  ask({ allowedNumbers }, { accountMode }) {
    if (accountMode === undefined) return Promise.resolve([answer(testNumber, "skip", { got: "Meta does not tell" })]);
    const later = "freely only to those who wrote within 24 hours";
    if (accountMode !== "SANDBOX")
      return Promise.resolve([answer(testNumber, "pass", { got: `to everyone; ${later}` })]);
    const listed = allowedNumbers.length === 0 ? "" : ` (${allowedNumbers.join(", ")})`;
    const got = `as a test number only to those listed under API Setup${listed}; ${later}`;
    return Promise.resolve([answer(testNumber, "pass", { got })]);
  },
};
