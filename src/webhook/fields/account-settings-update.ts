/** `account_settings_update`: the calling settings of a phone number changed. Known from client libraries only. */
import * as z from "zod";

import { defineField, lazily } from "../shapes/field.ts";
import { joinParts, optional } from "../shapes/summary.ts";

const calling = lazily(() => {
  const state = z.looseObject({ status: optional, timezone_id: optional }).nullish();
  return z
    .looseObject({
      status: optional,
      call_icon_visibility: optional,
      callback_permission_status: optional,
      call_hours: state,
      sip: state,
    })
    .nullish();
});

const phone = { phone_number_id: "106540352242922" };

export const accountSettingsUpdate = defineField(
  "account_settings_update",
  () => ({
    schema: z.looseObject({
      type: optional,
      // One library spells `calling` as `callings`.
      phone_number_settings: z.looseObject({ phone_number_id: optional, calling: calling(), callings: calling() }),
    }),
    examples: {
      default: example({ status: "ENABLED", call_icon_visibility: "DEFAULT", callback_permission_status: "ENABLED" }),
      disabled: example({ status: "DISABLED" }),
      hours: example({
        status: "ENABLED",
        call_icon_visibility: "DISABLE_ALL",
        call_hours: {
          status: "ENABLED",
          timezone_id: "Europe/Berlin",
          weekly_operating_hours: [{ day_of_week: "TUESDAY", open_time: "0930", close_time: "1745" }],
          holiday_schedule: [{ date: "2026-12-24", start_time: "0930", end_time: "1200" }],
        },
      }),
      sip: example({
        status: "ENABLED",
        sip: { status: "ENABLED", servers: [{ hostname: "sip.example.com", port: 5061 }] },
      }),
    },
    summary: ({ type, phone_number_settings: { phone_number_id, ...settings } }) => {
      const now = settings.calling ?? settings.callings;
      const states = [
        ["calling", now?.status],
        ["call button", now?.call_icon_visibility],
        ["callback permission", now?.callback_permission_status],
        ["call hours", now?.call_hours?.status],
        ["SIP", now?.sip?.status],
      ].map(([what, state]) => (state ? `${what} ${state}` : undefined));
      return joinParts(type ?? "phone_number_settings", phone_number_id, states);
    },
  }),
  { source: "others" },
);

function example(calling: object): object {
  return {
    messaging_product: "whatsapp",
    timestamp: "1785499200",
    type: "phone_number_settings",
    phone_number_settings: { ...phone, calling },
  };
}
