/** What a callback is called at each level. */
import type { Level } from "./subscriptions.ts";

export const CALLBACK_NAMES: Readonly<Record<Level, string>> = {
  phone: "phone number override",
  waba: "WABA override",
  app: "app callback",
};
