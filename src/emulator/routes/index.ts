/** All emulated Graph API routes. To add one, create a file here and list it below. */
import { analyticsRoutes } from "./analytics.ts";
import { attachmentRoutes } from "./attachments.ts";
import { blockUserRoutes } from "./block-users.ts";
import { businessAccountRoutes } from "./business-account.ts";
import { businessEncryptionRoutes } from "./business-encryption.ts";
import { businessProfileRoutes } from "./business-profile.ts";
import { callRoutes } from "./calls.ts";
import { commerceSettingRoutes } from "./commerce-settings.ts";
import { conversationalAutomationRoutes } from "./conversational-automation.ts";
import { debugTokenRoutes } from "./debug-token.ts";
import { fileRoutes } from "./files.ts";
import { flowRoutes } from "./flows.ts";
import { groupRoutes } from "./groups.ts";
import { marketingMessageRoutes } from "./marketing-messages.ts";
import { mediaRoutes } from "./media.ts";
import { messageHistoryRoutes } from "./message-history.ts";
import { templateRoutes } from "./message-templates.ts";
import { messageRoutes } from "./messages.ts";
import { oauthRoutes } from "./oauth.ts";
import { phoneNumberRoutes } from "./phone-number.ts";
import { phoneRegistrationRoutes } from "./phone-registration.ts";
import { phoneSettingsRoutes } from "./phone-settings.ts";
import { qrCodeRoutes } from "./qr-codes.ts";
import type { Route } from "./route.ts";
import { signupRoutes } from "./signups.ts";
import { subscribedAppRoutes } from "./subscribed-apps.ts";
import { subscriptionRoutes } from "./subscriptions.ts";
import { threadControlRoutes } from "./thread-control.ts";
import { uploadRoutes } from "./uploads.ts";
import { userRoutes } from "./user.ts";
import { usernameRoutes } from "./usernames.ts";

export const routes: readonly Route[] = [
  ...messageRoutes,
  ...mediaRoutes,
  ...attachmentRoutes,
  ...debugTokenRoutes,
  ...oauthRoutes,
  ...subscriptionRoutes,
  ...subscribedAppRoutes,
  ...phoneNumberRoutes,
  ...phoneRegistrationRoutes,
  ...phoneSettingsRoutes,
  ...businessAccountRoutes,
  ...userRoutes,
  ...templateRoutes,
  ...messageHistoryRoutes,
  ...analyticsRoutes,
  ...blockUserRoutes,
  ...businessEncryptionRoutes,
  ...businessProfileRoutes,
  ...callRoutes,
  ...commerceSettingRoutes,
  ...conversationalAutomationRoutes,
  ...fileRoutes,
  ...flowRoutes,
  ...groupRoutes,
  ...marketingMessageRoutes,
  ...qrCodeRoutes,
  ...signupRoutes,
  ...threadControlRoutes,
  ...uploadRoutes,
  ...usernameRoutes,
];
