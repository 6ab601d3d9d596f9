/** A failure that belongs to no message: of the app, the account or Meta's systems. It stands alone in `errors`. */
import { defineKind } from "../messages/kind.ts";
import { describeError, error as schema } from "../messages/parts.ts";

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

export const error = defineKind("error", {
  schema,
  examples: {
    default: {
      code: 130429,
      title: "Rate limit hit",
      message: "Rate limit hit",
      error_data: { details: "More messages were sent than the throughput of the number allows." },
      href,
    },
    "account-locked": {
      code: 131031,
      title: "Account has been locked",
      message: "Account has been locked",
      error_data: { details: "The account is locked after a breach of policy." },
      href,
    },
    bare: { code: 131016, title: "Service unavailable" },
  },
  summary: describeError,
});
