/** `account_alerts`: a limit was not raised, an official account was granted or refused, the profile picture is gone. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED: "the messaging limit stays for now; Meta will look again",
  INCREASED_CAPABILITIES_ELIGIBILITY_FAILED:
    "the messaging limit is not raised, because of what the account did before",
  INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO: "Meta wants to know more before it raises the messaging limit",
  OBA_APPROVED: "this is an official business account now",
  OBA_REJECTED: "this does not become an official business account",
  PROFILE_PICTURE_LOST: "the profile picture is gone: upload it again",
};

const alert = { alert_severity: maybe, alert_status: maybe, alert_type: word, alert_description: maybe };
const entity = { entity_type: maybe, entity_id: maybe };

export const accountAlerts = defineField("account_alerts", () => ({
  schema: z.union([
    z.looseObject({ ...entity, alert_info: z.looseObject(alert) }),
    // One client library has the alert's keys beside the entity's.
    z.looseObject({ ...entity, ...alert }).transform((value) => ({ ...value, alert_info: value })),
  ]),
  examples: {
    default: example("PHONE_NUMBER", "106540352242922", "WARNING", "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO"),
    deferred: example("BUSINESS", "420000000000001", "INFORMATIONAL", "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"),
    failed: example("BUSINESS", "420000000000001", "CRITICAL", "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED"),
    "official-account": example("PHONE_NUMBER", "106540352242922", "INFORMATIONAL", "OBA_APPROVED"),
    "official-account-refused": example("PHONE_NUMBER", "106540352242922", "CRITICAL", "OBA_REJECTED"),
    "picture-lost": example("CURRENT_STATUS_ID", "106540352242922", "WARNING", "PROFILE_PICTURE_LOST"),
  },
  summary: ({ entity_type, entity_id, alert_info: { alert_severity, alert_type } }) =>
    line(
      alert_type,
      alert_severity,
      meaningOf(MEANINGS, alert_type),
      [entity_type, entity_id].filter(Boolean).join(" "),
    ),
}));

function example(entity_type: string, entity_id: string, alert_severity: string, alert_type: string): object {
  const alert_description = "Open the Account Quality page of the business for what to do next.";
  return {
    entity_type,
    entity_id,
    alert_info: { alert_severity, alert_status: "ACTIVE", alert_type, alert_description },
  };
}
