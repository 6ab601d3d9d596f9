/** `security`: the PIN of a number's two-step verification was changed, or somebody wants it gone. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  PIN_CHANGED: "the PIN was changed",
  PIN_REQUEST_SUCCESS: "two-step verification is off",
  PIN_RESET_REQUEST: "somebody asked to turn two-step verification off: if that was nobody of yours, act",
  PIN_RESET_SUCCESS: "two-step verification is off",
};

const phone = { display_phone_number: "15550783881" };

export const security = defineField("security", () => ({
  schema: z.looseObject({ display_phone_number: maybe, event: word, requester: maybe }),
  examples: {
    default: { ...phone, event: "PIN_CHANGED", requester: "420000000000009" },
    "reset-request": { ...phone, event: "PIN_RESET_REQUEST", requester: "420000000000009" },
    reset: { ...phone, event: "PIN_REQUEST_SUCCESS" },
    // A word of older examples.
    "reset-older": { ...phone, event: "PIN_RESET_SUCCESS" },
  },
  summary: ({ event, display_phone_number, requester }) =>
    line(event, display_phone_number, requester ? `by ${requester}` : undefined, meaningOf(MEANINGS, event)),
}));
