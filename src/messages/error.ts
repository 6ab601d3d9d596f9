/** `errors` without a message: a failure of the app, the account or Meta's systems. */
import { defineKind } from "./kind.ts";
import { describeError, error as schema, firstCode, fixErrors } from "./parts.ts";

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

export const error = defineKind("error", {
  schema,
  examples: {
    default: {
      code: 130429,
      title: "Rate limit hit",
      message: "Rate limit hit",
      error_data: { details: "Messages were sent faster than the throughput of the number allows." },
      href,
    },
    "account-locked": {
      code: 131031,
      title: "Account has been locked",
      message: "Account has been locked",
      error_data: { details: "The account is locked because of a policy violation." },
      href,
    },
    bare: { code: 131016, title: "Service unavailable" },
  },
  summary: describeError,
  fix: (item) => fixErrors([item]),
  code: (item) => firstCode([item]),
});
