/** The registry of webhook fields. To add one, create its file and add it to `fields`; unknown fields keep their name. */
import type { WebhookEvent } from "../event.ts";
import type { Field } from "../shapes/field.ts";
import { describeKeys } from "../shapes/summary.ts";
import { accountAlerts } from "./account-alerts.ts";
import { accountReviewUpdate } from "./account-review-update.ts";
import { accountSettingsUpdate } from "./account-settings-update.ts";
import { accountUpdate } from "./account-update.ts";
import { automaticEvents } from "./automatic-events.ts";
import { businessCapabilityUpdate } from "./business-capability-update.ts";
import { businessUsernameUpdate } from "./business-username-update.ts";
import { calls } from "./calls.ts";
import { flows } from "./flows.ts";
import { groupLifecycleUpdate } from "./group-lifecycle-update.ts";
import { groupParticipantsUpdate } from "./group-participants-update.ts";
import { groupSettingsUpdate } from "./group-settings-update.ts";
import { groupStatusUpdate } from "./group-status-update.ts";
import { history } from "./history.ts";
import { messageTemplateComponentsUpdate } from "./message-template-components-update.ts";
import { messageTemplateQualityUpdate } from "./message-template-quality-update.ts";
import { messageTemplateStatusUpdate } from "./message-template-status-update.ts";
import { messages } from "./messages.ts";
import { messagingHandovers } from "./messaging-handovers.ts";
import { partnerSolutions } from "./partner-solutions.ts";
import { paymentConfigurationUpdate } from "./payment-configuration-update.ts";
import { phoneNumberNameUpdate } from "./phone-number-name-update.ts";
import { phoneNumberQualityUpdate } from "./phone-number-quality-update.ts";
import { security } from "./security.ts";
import { smbAppStateSync } from "./smb-app-state-sync.ts";
import { smbMessageEchoes } from "./smb-message-echoes.ts";
import { standby } from "./standby.ts";
import { templateCategoryUpdate } from "./template-category-update.ts";
import { templateCorrectCategoryDetection } from "./template-correct-category-detection.ts";
import { trackingEvents } from "./tracking-events.ts";
import { undocumented } from "./undocumented.ts";
import { userIdUpdate } from "./user-id-update.ts";
import { userPreferences } from "./user-preferences.ts";

export { undocumented };

/** The fields with examples: `messages` first, the others by name. */
export const fields: readonly Field[] = [
  messages,
  accountAlerts,
  accountReviewUpdate,
  accountSettingsUpdate,
  accountUpdate,
  automaticEvents,
  businessCapabilityUpdate,
  businessUsernameUpdate,
  calls,
  flows,
  groupLifecycleUpdate,
  groupParticipantsUpdate,
  groupSettingsUpdate,
  groupStatusUpdate,
  history,
  messageTemplateComponentsUpdate,
  messageTemplateQualityUpdate,
  messageTemplateStatusUpdate,
  messagingHandovers,
  partnerSolutions,
  paymentConfigurationUpdate,
  phoneNumberNameUpdate,
  phoneNumberQualityUpdate,
  security,
  smbAppStateSync,
  smbMessageEchoes,
  standby,
  templateCategoryUpdate,
  templateCorrectCategoryDetection,
  trackingEvents,
  userIdUpdate,
  userPreferences,
];

const byName = new Map(
  [...fields, ...undocumented].flatMap((field) =>
    [field.name, ...(field.aliases ?? [])].map((name): [string, Field] => [name, field]),
  ),
);

export function readField(name: string, value: unknown, path: string): WebhookEvent[] {
  const field = byName.get(name);
  if (field !== undefined) return field.events(value, path);
  const summary = `unknown webhook field${describeKeys(value)}`;
  return [{ group: "field", kind: name === "" ? "field" : name, field: name, path, summary, unknown: true }];
}
