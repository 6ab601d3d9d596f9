/** All emulated Graph API routes. To add one, create a file here and list it below. */
import { attachmentRoutes } from "./attachments.ts";
import { businessAccountRoutes } from "./business-account.ts";
import { debugTokenRoutes } from "./debug-token.ts";
import { mediaRoutes } from "./media.ts";
import { messageHistoryRoutes } from "./message-history.ts";
import { templateRoutes } from "./message-templates.ts";
import { messageRoutes } from "./messages.ts";
import { oauthRoutes } from "./oauth.ts";
import { phoneNumberRoutes } from "./phone-number.ts";
import { phoneRegistrationRoutes } from "./phone-registration.ts";
import { phoneSettingsRoutes } from "./phone-settings.ts";
import type { Route } from "./route.ts";
import { subscribedAppRoutes } from "./subscribed-apps.ts";
import { subscriptionRoutes } from "./subscriptions.ts";
import { userRoutes } from "./user.ts";

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
];
