/** `security`: the two-step verification PIN of a number was changed, or its removal was requested or completed. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  PIN_CHANGED: "two-step verification PIN changed",
  PIN_REQUEST_SUCCESS: "two-step verification turned off",
  PIN_RESET_REQUEST: "someone requested to turn off two-step verification",
  PIN_RESET_SUCCESS: "two-step verification turned off",
};

const FIXES = { PIN_RESET_REQUEST: "check who requested this, and set a new PIN if nobody on your team did" };

const phone = { display_phone_number: "15550783881" };

export const security = defineField("security", () => ({
  schema: z.looseObject({ display_phone_number: optional, event: scalar, requester: optional }),
  examples: {
    default: { ...phone, event: "PIN_CHANGED", requester: "420000000000009" },
    "reset-request": { ...phone, event: "PIN_RESET_REQUEST", requester: "420000000000009" },
    reset: { ...phone, event: "PIN_REQUEST_SUCCESS" },
    // An older name of the previous event.
    "reset-older": { ...phone, event: "PIN_RESET_SUCCESS" },
  },
  summary: ({ event, display_phone_number, requester }) =>
    joinParts(event, display_phone_number, requester ? `by ${requester}` : undefined, lookUp(MEANINGS, event)),
  fix: ({ event }) => lookUp(FIXES, event),
}));
