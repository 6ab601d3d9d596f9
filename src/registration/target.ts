/** One callback at Meta: of the app, of an account or of a phone number. Reads its state and changes one thing at a time. */
import { UsageError } from "../errors.ts";
import type { Graph } from "../graph/client.ts";
import {
  readAppSubscription,
  readCallbacks,
  readSubscribedApps,
  removeAppSubscription,
  setAppSubscription,
  setPhoneCallback,
  subscribeApp,
  unsubscribeApp,
  type Callback,
  type Level,
} from "../graph/subscriptions.ts";
import type { AppCredentials } from "../graph/token.ts";
import type { Entry, Snapshot } from "./entry.ts";

type Ids = Pick<Entry, "level" | "phoneNumberId" | "businessAccountId" | "appId">;

export interface Target extends Ids {
  graph: Graph;
  /** For the level `app`. */
  app?: AppCredentials;
}

export function idsOf({ level, phoneNumberId, businessAccountId, appId }: Ids): Ids {
  return {
    level,
    ...(phoneNumberId === undefined ? {} : { phoneNumberId }),
    ...(businessAccountId === undefined ? {} : { businessAccountId }),
    ...(appId === undefined ? {} : { appId }),
  };
}

/** Reads without changing anything. Throws a `UsageError` when an id that the level needs is missing. */
export async function takeSnapshot(target: Target): Promise<Snapshot> {
  const { graph, level, businessAccountId, appId } = target;
  if (level === "app") return appSnapshot(graph, needCredentials(target));
  const apps = businessAccountId === undefined ? undefined : await readSubscribedApps(graph, businessAccountId);
  // Without the app id, the state is known only when no app is subscribed.
  const own = apps?.find(({ id }) => id === appId);
  const unclear = apps === undefined || (appId === undefined && apps.length > 0);
  const subscribed = unclear ? {} : { subscribed: own !== undefined };
  if (level === "waba") {
    if (apps === undefined) throw missing("WHATSAPP_BUSINESS_ACCOUNT_ID", level);
    const override = (appId === undefined && apps.length === 1 ? apps[0] : own)?.override;
    return { ...subscribed, ...(override === undefined ? {} : { url: override }) };
  }
  const { phone } = await readCallbacks(graph, needPhone(target));
  return { ...subscribed, ...(phone === undefined ? {} : { url: phone }) };
}

async function appSnapshot(graph: Graph, app: AppCredentials): Promise<Snapshot> {
  const subscription = await readAppSubscription(graph, app);
  if (subscription === undefined) return {};
  const { url, fields, versions } = subscription;
  return {
    url,
    fields: fields.map((name) => {
      const version = versions[name];
      return { name, ...(version === undefined ? {} : { version }) };
    }),
  };
}

/**
 * Sets the callback of the level; `undefined` removes it. An override requires that the app is subscribed to the account. At the level
 * `app`, the fields are added to the existing ones.
 */
export async function setCallback(
  target: Target,
  callback: Callback | undefined,
  fields: readonly string[],
): Promise<void> {
  const { graph, level } = target;
  if (level === "phone") await setPhoneCallback(graph, needPhone(target), callback);
  else if (level === "waba") await subscribeApp(graph, needAccount(target), callback);
  else if (callback === undefined) await removeAppSubscription(graph, needCredentials(target));
  else await setAppSubscription(graph, needCredentials(target), { ...callback, fields });
}

/** Subscribes the app to the account. This removes an override. */
export async function subscribe(target: Target): Promise<void> {
  await subscribeApp(target.graph, needAccount(target));
}

/** Unsubscribes the app from the account and removes its override. */
export async function unsubscribe(target: Target): Promise<void> {
  await unsubscribeApp(target.graph, needAccount(target));
}

export async function removeFields(target: Target, fields: readonly string[]): Promise<void> {
  await removeAppSubscription(target.graph, needCredentials(target), fields);
}

/** Sets the app's callback with fields of an API version. */
export async function setFields(
  target: Target,
  callback: Callback,
  { version, names }: { version?: string; names: readonly string[] },
): Promise<void> {
  await setAppSubscription(target.graph, needCredentials(target), { ...callback, fields: names, version });
}

function needPhone({ phoneNumberId, level }: Target): string {
  if (phoneNumberId === undefined) throw missing("WHATSAPP_PHONE_NUMBER_ID", level);
  return phoneNumberId;
}

function needAccount({ businessAccountId, level }: Target): string {
  if (businessAccountId === undefined) throw missing("WHATSAPP_BUSINESS_ACCOUNT_ID", level);
  return businessAccountId;
}

function needCredentials({ app, level }: Target): AppCredentials {
  if (app === undefined) throw missing("WHATSAPP_APP_ID and WHATSAPP_APP_SECRET", level);
  return app;
}

function missing(names: string, level: Level): UsageError {
  return new UsageError(`the ${level} callback requires ${names}`, {
    code: "registration.setting",
    hint: "set it in .env, or run wa-hook init",
  });
}
