/** Which recipients can the phone number message? Meta's test numbers message only a few. */
import { finding, type Question } from "../question.ts";

export const recipients: Question = {
  code: "test-number",
  title: "Allowed recipients",
  expected: "the recipients that you send to",
  needs: ["accessToken", "phoneNumberId"],
  ask: ({ allowedNumbers }, { accountMode }) => Promise.resolve([judge(allowedNumbers, accountMode)]),
};

function judge(allowedNumbers: readonly string[], accountMode: string | undefined) {
  if (accountMode === undefined) return finding(recipients, "skip", { got: "unknown: the API does not expose them" });
  const window = "free-form messages within 24 hours of the recipient's last message";
  if (accountMode !== "SANDBOX") return finding(recipients, "pass", { got: `any number; ${window}` });
  // Meta's own list cannot be read, so ours must not be mistaken for it.
  const ours = allowedNumbers.length === 0 ? "" : `; wa-hook's own list: ${allowedNumbers.join(", ")}`;
  const got = `test number: only those under WhatsApp → API Setup (not exposed by the API)${ours}; ${window}`;
  return finding(recipients, "pass", { got });
}
