/** `account_update`: the WhatsApp Business Account was restricted, banned, reinstated, shared. */
import * as z from "zod";

import { defineKind } from "../../messages/kind.ts";
import { defineField } from "./field.ts";

export const accountUpdate = defineField(
  defineKind("account_update", {
    schema: z.looseObject({
      event: z.string(),
      ban_info: z
        .looseObject({ waba_ban_state: z.string().optional(), waba_ban_date: z.string().optional() })
        .optional(),
      violation_info: z.looseObject({ violation_type: z.string().optional() }).optional(),
      restriction_info: z
        .array(z.looseObject({ restriction_type: z.string().optional(), expiration: z.unknown() }))
        .optional(),
      waba_info: z.looseObject({ waba_id: z.string().optional() }).optional(),
    }),
    examples: {
      default: { event: "ACCOUNT_VIOLATION", violation_info: { violation_type: "SPAM" } },
      disabled: {
        event: "DISABLED_UPDATE",
        ban_info: { waba_ban_state: "SCHEDULE_FOR_DISABLE", waba_ban_date: "August 31, 2026" },
      },
      restricted: {
        event: "ACCOUNT_RESTRICTION",
        restriction_info: [
          { restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: 1_786_104_000 },
          { restriction_type: "RESTRICTED_ADD_PHONE_NUMBER_ACTION", expiration: 1_786_104_000 },
        ],
      },
    },
    summary: ({ event, ban_info, violation_info, restriction_info, waba_info }) =>
      [
        event,
        violation_info?.violation_type,
        ban_info?.waba_ban_state,
        ban_info?.waba_ban_date,
        ...(restriction_info ?? []).map(({ restriction_type }) => restriction_type),
        waba_info?.waba_id,
      ]
        .filter(Boolean)
        .join(" · "),
  }),
);
