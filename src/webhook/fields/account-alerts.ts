/** `account_alerts`: messaging limit reviews, official business account decisions, and a lost profile picture. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED: "messaging limit not raised yet; Meta will review the account again",
  INCREASED_CAPABILITIES_ELIGIBILITY_FAILED: "messaging limit not raised because of the account's history",
  INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO: "Meta needs more information to raise the messaging limit",
  OBA_APPROVED: "official business account approved",
  OBA_REJECTED: "official business account rejected",
  PROFILE_PICTURE_LOST: "profile picture lost",
};

const FIXES = {
  INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO: "provide the requested information in WhatsApp Manager",
  PROFILE_PICTURE_LOST: "upload the profile picture again",
};

const alert = { alert_severity: optional, alert_status: optional, alert_type: scalar, alert_description: optional };
const entity = { entity_type: optional, entity_id: optional };

export const accountAlerts = defineField("account_alerts", () => ({
  schema: z.union([
    z.looseObject({ ...entity, alert_info: z.looseObject(alert) }),
    // One client library has no `alert_info`: the keys of the alert are beside those of the entity.
    z.looseObject({ ...entity, ...alert }).transform((value) => ({ ...value, alert_info: value })),
  ]),
  examples: {
    default: example("PHONE_NUMBER", "106540352242922", "WARNING", "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO"),
    deferred: example("BUSINESS", "420000000000001", "INFORMATIONAL", "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"),
    failed: example("BUSINESS", "420000000000001", "CRITICAL", "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED"),
    "official-account": example("PHONE_NUMBER", "106540352242922", "INFORMATIONAL", "OBA_APPROVED"),
    "official-account-rejected": example("PHONE_NUMBER", "106540352242922", "CRITICAL", "OBA_REJECTED"),
    "picture-lost": example("CURRENT_STATUS_ID", "106540352242922", "WARNING", "PROFILE_PICTURE_LOST"),
  },
  summary: ({ entity_type, entity_id, alert_info: { alert_severity, alert_type } }) =>
    joinParts(
      alert_type,
      alert_severity,
      lookUp(MEANINGS, alert_type),
      [entity_type, entity_id].filter(Boolean).join(" "),
    ),
  fix: ({ alert_info: { alert_type } }) => lookUp(FIXES, alert_type),
}));

function example(entity_type: string, entity_id: string, alert_severity: string, alert_type: string): object {
  const alert_description = "Open the Account Quality page of the business for the next steps.";
  return {
    entity_type,
    entity_id,
    alert_info: { alert_severity, alert_status: "ACTIVE", alert_type, alert_description },
  };
}
