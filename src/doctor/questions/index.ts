/** Every question, in the order in which a person would ask: a new one is a file here and a line below. */
import type { Question } from "../question.ts";
import { account } from "./account.ts";
import { appMode } from "./app-mode.ts";
import { appSubscription } from "./app-subscription.ts";
import { app } from "./app.ts";
import { callback } from "./callback.ts";
import { clock } from "./clock.ts";
import { history } from "./history.ts";
import { phone } from "./phone.ts";
import { reaching } from "./reaching.ts";
import { settings } from "./settings.ts";
import { testNumber } from "./test-number.ts";
import { token } from "./token.ts";

export const questions: readonly Question[] = [
  settings,
  app,
  clock,
  token,
  phone,
  account,
  appSubscription,
  callback,
  reaching,
  appMode,
  history,
  testNumber,
];
