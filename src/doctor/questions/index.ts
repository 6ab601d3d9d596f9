/** Every question, in the order in which it is asked. To add one, add a file here and a line below. */
import type { Question } from "../question.ts";
import { accountHealth } from "./account-health.ts";
import { appCredentials } from "./app-credentials.ts";
import { appMode } from "./app-mode.ts";
import { appSubscribed } from "./app-subscribed.ts";
import { callbackResponse } from "./callback-response.ts";
import { callback } from "./callback.ts";
import { clock } from "./clock.ts";
import { history } from "./history.ts";
import { numbers } from "./numbers.ts";
import { otherAccounts } from "./other-accounts.ts";
import { phone } from "./phone.ts";
import { recipients } from "./recipients.ts";
import { settings } from "./settings.ts";
import { token } from "./token.ts";
import { webhookSubscription } from "./webhook-subscription.ts";

export const questions: readonly Question[] = [
  settings,
  appCredentials,
  clock,
  token,
  phone,
  accountHealth,
  appSubscribed,
  webhookSubscription,
  callback,
  callbackResponse,
  numbers,
  otherAccounts,
  appMode,
  history,
  recipients,
];
