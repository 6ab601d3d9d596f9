/** The numbers that may be messaged, which are checked without Meta. */
import { UsageError } from "../../../errors.ts";
import { parseRecipient } from "../../../graph/recipient.ts";
import type { Step } from "../step.ts";

export const allowedNumbersStep: Step = {
  prompts: [
    {
      setting: "allowedNumbers",
      text: "Allowed numbers, such as +1650…,+49…",
      optional: true,
      validate(typed) {
        const problem = parseList(typed);
        return problem instanceof UsageError ? `${problem.message}: ${problem.hint}` : undefined;
      },
    },
  ],
  trustsExisting: true,
  parse({ allowedNumbers = "" }) {
    const numbers = parseList(allowedNumbers);
    return numbers instanceof UsageError ? { error: numbers } : { values: { allowedNumbers: numbers.join(",") } };
  },
};

/** The numbers in the form in which they are compared, or the error of the first invalid one. */
function parseList(list: string): string[] | UsageError {
  try {
    return list
      .split(/[,;\n]/)
      .filter((each) => each.trim() !== "")
      .map((each) => {
        const recipient = parseRecipient(each);
        if ("to" in recipient) return recipient.to;
        throw new UsageError(`${each.trim()} is a user ID`, {
          code: "recipient.invalid",
          hint: "list phone numbers only: user IDs are not compared with the list",
        });
      });
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}
