/** Registers a callback URL at one level and puts back what was there. Each step reads first, changes one thing, and reads again. */
import { RejectedError, UsageError } from "../errors.ts";
import type { Graph } from "./client.ts";
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
} from "./subscriptions.ts";
import type { AppCredentials } from "./token.ts";

/** Whose callback it is about, as plain data. */
interface Ids {
  level: Level;
  phoneNumberId?: string;
  businessAccountId?: string;
  appId?: string;
}

export interface Target extends Ids {
  graph: Graph;
  /** For the level `app`. */
  app?: AppCredentials;
}

/** What was so before, as plain data: it is written down before anything is changed, and suffices to put it back. */
export interface Before extends Ids {
  /** The callback URL at this level; nothing when there was none. */
  url?: string;
  /** The app's fields, for the level `app`. */
  fields?: string[];
  /** Whether the app got the account's webhooks; nothing when that could not be known. */
  subscribed?: boolean;
}

export function idsOf({ level, phoneNumberId, businessAccountId, appId }: Ids): Ids {
  return {
    level,
    ...(phoneNumberId === undefined ? {} : { phoneNumberId }),
    ...(businessAccountId === undefined ? {} : { businessAccountId }),
    ...(appId === undefined ? {} : { appId }),
  };
}

/** The fields that are subscribed when the app had none. */
const FIELDS = ["messages"];

/** Looks, and changes nothing. Throws a `UsageError` when an id is missing that the level needs. */
export async function survey(target: Target): Promise<Before> {
  const { graph, level, businessAccountId, appId } = target;
  const ids = idsOf(target);
  if (level === "app") {
    const subscription = await readAppSubscription(graph, needCredentials(target));
    return { ...ids, ...(subscription === undefined ? {} : { url: subscription.url, fields: subscription.fields }) };
  }
  const apps = businessAccountId === undefined ? undefined : await readSubscribedApps(graph, businessAccountId);
  // Without the app's id it is clear only when there is no app at all.
  const own = apps?.find(({ id }) => id === appId);
  const unclear = apps === undefined || (appId === undefined && apps.length > 0);
  const subscribed = unclear ? {} : { subscribed: own !== undefined };
  if (level === "waba") {
    if (apps === undefined) throw missing("WHATSAPP_BUSINESS_ACCOUNT_ID", level);
    const override = (appId === undefined && apps.length === 1 ? apps[0] : own)?.override;
    return { ...ids, ...subscribed, ...(override === undefined ? {} : { url: override }) };
  }
  const { phone } = await readCallbacks(graph, needPhone(target));
  return { ...ids, ...subscribed, ...(phone === undefined ? {} : { url: phone }) };
}

/**
 * Subscribes the app to the account when it is not, then sets the callback, then compares with what Meta has. Meta shakes hands with the
 * URL meanwhile; its refusal is a `RejectedError` (2200).
 */
export async function register(target: Target, callback: Callback, before: Before): Promise<void> {
  const { graph, level, businessAccountId } = target;
  // A bare subscription would remove an override, so it is for apps that have none.
  if (before.subscribed === false && businessAccountId !== undefined) await subscribeApp(graph, businessAccountId);
  await set(target, callback, before);
  const { url: now } = await survey(target);
  if (now === callback.url) return;
  throw new RejectedError(`Meta took ${callback.url} at the level ${level} and now has ${now ?? "none"}`, {
    code: "registration.differs",
    hint: "somebody else may have changed it in the same moment; look with wa-hook webhook status and try again",
  });
}

/** What became of putting it back; `lost` is an earlier URL that no longer answers Meta's handshake, so there is none now. */
export type Restored = { done: true; lost?: string } | { done: false; now: string | undefined };

/**
 * Puts back what was there before, as far as it has been changed, unless somebody else has set another URL meanwhile: theirs is left alone. Meta shakes hands with an
 * earlier URL again, by the verify token that is given; its refusal is thrown.
 */
export async function restore(target: Target, ours: Callback, before: Before): Promise<Restored> {
  const { graph, businessAccountId } = target;
  const { url: now } = await survey(target);
  if (now !== ours.url && now !== before.url) return { done: false, now };
  const lost = now === ours.url ? await putBack(target, ours.verifyToken, before) : undefined;
  if (before.subscribed === false && businessAccountId !== undefined) await unsubscribeApp(graph, businessAccountId);
  return { done: true, ...(lost === undefined ? {} : { lost }) };
}

const NOT_VERIFIED = "graph.2200";

/** The earlier URL; when it no longer answers, an override goes, for ours will not answer either. The app's callback stays for a person. */
async function putBack(target: Target, verifyToken: string, before: Before): Promise<string | undefined> {
  const { url } = before;
  try {
    await set(target, url === undefined ? undefined : { url, verifyToken }, before);
    return undefined;
  } catch (error) {
    const dead = error instanceof RejectedError && error.code === NOT_VERIFIED;
    if (!dead || target.level === "app") throw error;
    await set(target, undefined, before);
    return url;
  }
}

/** Sets the callback of the level; `undefined` removes it. */
export async function set(target: Target, callback: Callback | undefined, { fields = FIELDS }: Before): Promise<void> {
  const { graph, level, businessAccountId } = target;
  if (level === "phone") await setPhoneCallback(graph, needPhone(target), callback);
  else if (level === "waba") {
    if (businessAccountId === undefined) throw missing("WHATSAPP_BUSINESS_ACCOUNT_ID", level);
    await subscribeApp(graph, businessAccountId, callback);
  } else if (callback === undefined) await removeAppSubscription(graph, needCredentials(target));
  else await setAppSubscription(graph, needCredentials(target), { ...callback, fields: withMessages(fields) });
}

function withMessages(fields: readonly string[]): string[] {
  return [...new Set([...fields, ...FIELDS])];
}

function needPhone({ phoneNumberId, level }: Target): string {
  if (phoneNumberId === undefined) throw missing("WHATSAPP_PHONE_NUMBER_ID", level);
  return phoneNumberId;
}

function needCredentials({ app, level }: Target): AppCredentials {
  if (app === undefined) throw missing("WHATSAPP_APP_ID and WHATSAPP_APP_SECRET", level);
  return app;
}

function missing(names: string, level: Level): UsageError {
  return new UsageError(`the level ${level} needs ${names}`, {
    code: "registration.setting",
    hint: "put it into .env; wa-hook init asks for it",
  });
}
