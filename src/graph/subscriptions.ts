/** Where Meta sends webhooks: the app's callback, and the overrides of a WhatsApp Business Account and of a phone number. Source: Meta, "Webhooks". */
import { asJsonObject, type JsonObject, stringAt } from "../json.ts";
import type { Graph } from "./client.ts";
import { listPhoneNumbers, parsePhoneNumber, type PhoneNumber } from "./phone-number.ts";
import { appToken, type AppCredentials } from "./token.ts";

/** Where callbacks can be set, from the narrowest on; the narrowest that is set wins, for the field `messages` only. */
export type Level = "phone" | "waba" | "app";

export interface Callback {
  url: string;
  verifyToken: string;
}

/** The callback URLs of one phone number, as far as they are set. */
export type Callbacks = Partial<Record<Level, string>>;

/** An app that gets the webhooks of a business account. */
export interface SubscribedApp {
  /** The app ID. */
  id: string;
  name?: string;
  /** The account's override for this app. */
  override?: string;
}

/** The app's own subscription to WhatsApp. */
export interface AppSubscription {
  /** The callback URL of the app. */
  url: string;
  /** Meta sends to it. */
  active: boolean;
  /** The webhook fields that are sent. */
  fields: string[];
  /** The API version of each field, where Meta gives it. */
  versions: Readonly<Record<string, string>>;
}

/** The callbacks of a number at all levels. Asked with the access token; no app secret is needed. */
export async function readCallbacks(graph: Graph, phoneNumberId: string): Promise<Callbacks> {
  const { body } = await graph.request({
    path: encodeURIComponent(phoneNumberId),
    query: { fields: "webhook_configuration" },
  });
  return callbacksIn(body);
}

/** A number of a WABA and where its messages are sent. */
export interface NumberCallbacks {
  number: PhoneNumber;
  callbacks: Callbacks;
}

/** The callbacks of the first hundred numbers of a WABA. */
export async function readNumberCallbacks(graph: Graph, businessAccountId: string): Promise<NumberCallbacks[]> {
  const items = await listPhoneNumbers(graph, businessAccountId, "webhook_configuration");
  return items.map((item) => ({ number: parsePhoneNumber(item), callbacks: callbacksIn(item) }));
}

/** `webhook_configuration` of a phone number. */
function callbacksIn(phone: JsonObject): Callbacks {
  const configuration = asJsonObject(phone["webhook_configuration"]) ?? {};
  const known: [Level, unknown][] = [
    ["phone", configuration["phone_number"]],
    ["waba", configuration["whatsapp_business_account"]],
    ["app", configuration["application"]],
  ];
  return Object.fromEntries(known.filter(([, url]) => typeof url === "string" && url !== ""));
}

/** The level whose callback gets the messages. */
export function winner(callbacks: Callbacks): Level | undefined {
  return (["phone", "waba", "app"] as const).find((level) => callbacks[level] !== undefined);
}

/** Sets the override of a number, after a handshake with it; `undefined` removes it. */
export async function setPhoneCallback(
  graph: Graph,
  phoneNumberId: string,
  callback: Callback | undefined,
): Promise<void> {
  const configuration =
    callback === undefined
      ? { override_callback_uri: "" }
      : { override_callback_uri: callback.url, verify_token: callback.verifyToken };
  await graph.request({
    method: "POST",
    path: encodeURIComponent(phoneNumberId),
    json: { webhook_configuration: configuration },
  });
}

/** The apps that get the webhooks of an account. */
export async function readSubscribedApps(graph: Graph, businessAccountId: string): Promise<SubscribedApp[]> {
  const { body } = await graph.request<{ data?: JsonObject[] }>({
    path: `${encodeURIComponent(businessAccountId)}/subscribed_apps`,
  });
  return (body.data ?? []).map((each) => {
    const { id, name } = (each["whatsapp_business_api_data"] ?? {}) as JsonObject;
    const override = each["override_callback_uri"];
    return {
      id: String(id),
      ...(typeof name === "string" ? { name } : {}),
      ...(typeof override === "string" && override !== "" ? { override } : {}),
    };
  });
}

/** Subscribes the token's app to an account, with an override after a handshake with it; without one, an earlier override goes. */
export async function subscribeApp(graph: Graph, businessAccountId: string, callback?: Callback): Promise<void> {
  await graph.request({
    method: "POST",
    path: `${encodeURIComponent(businessAccountId)}/subscribed_apps`,
    ...(callback === undefined
      ? {}
      : { json: { override_callback_uri: callback.url, verify_token: callback.verifyToken } }),
  });
}

/** After this the token's app gets nothing of the account. */
export async function unsubscribeApp(graph: Graph, businessAccountId: string): Promise<void> {
  await graph.request({ method: "DELETE", path: `${encodeURIComponent(businessAccountId)}/subscribed_apps` });
}

const OBJECT = "whatsapp_business_account";

/** The app's own subscription; nothing when it has none. Asked with the app's token. */
export async function readAppSubscription(graph: Graph, app: AppCredentials): Promise<AppSubscription | undefined> {
  const { body } = await graph.request<{ data?: JsonObject[] }>({
    path: `${encodeURIComponent(app.appId)}/subscriptions`,
    token: appToken(app),
  });
  const found = (body.data ?? []).find((each) => each["object"] === OBJECT);
  if (found === undefined) return undefined;
  const fields = Array.isArray(found["fields"]) ? (found["fields"] as unknown[]) : [];
  const versions = fields.flatMap((field) => {
    const [name, version] = [stringAt(asJsonObject(field), "name"), stringAt(asJsonObject(field), "version")];
    return name === undefined || version === undefined ? [] : [[name, version] as const];
  });
  return {
    url: String(found["callback_url"]),
    active: found["active"] !== false,
    // Objects with a version, in some of Meta's pages plain words.
    fields: fields.map((field) => (typeof field === "string" ? field : String((field as JsonObject)["name"]))),
    versions: Object.fromEntries(versions),
  };
}

/** Sets the app's callback, after a handshake with it, and adds fields to the subscription, of the client's API version if no other is given. */
export async function setAppSubscription(
  graph: Graph,
  app: AppCredentials,
  { url, verifyToken, fields, version }: Callback & { fields: readonly string[]; version?: string | undefined },
): Promise<void> {
  await graph.request({
    method: "POST",
    ...(version === undefined ? {} : { version }),
    path: `${encodeURIComponent(app.appId)}/subscriptions`,
    json: {
      object: OBJECT,
      callback_url: url,
      verify_token: verifyToken,
      fields: fields.join(","),
      include_values: true,
    },
    token: appToken(app),
  });
}

/** Removes these fields of the app's subscription to WhatsApp, or the whole of it. */
export async function removeAppSubscription(
  graph: Graph,
  app: AppCredentials,
  fields?: readonly string[],
): Promise<void> {
  await graph.request({
    method: "DELETE",
    path: `${encodeURIComponent(app.appId)}/subscriptions`,
    query: { object: OBJECT, fields: fields?.join(",") },
    token: appToken(app),
  });
}

/** What Meta has written down of how it delivered the statuses of messages. Best effort: Meta shows it to some apps only. */
export interface HistoryEvent {
  messageId: string;
  status: string;
  /** `DELIVERED`, `FAILED`, `RETRYING` … ; Meta's pages disagree on the words. */
  webhook: string;
  url?: string;
  error?: string;
  /** Seconds since 1970. */
  at?: number;
}

export async function readHistory(graph: Graph, phoneNumberId: string): Promise<HistoryEvent[]> {
  const fields =
    "id,message_id,events{delivery_status,webhook_update_state,timestamp,application,webhook_uri,error_description}";
  const { body } = await graph.request<{ data?: JsonObject[] }>({
    path: `${encodeURIComponent(phoneNumberId)}/message_history`,
    query: { fields, limit: "10" },
  });
  return (body.data ?? []).flatMap((message) => {
    const events = ((message["events"] as JsonObject | undefined)?.["data"] ?? []) as JsonObject[];
    return events.map((event) => ({
      messageId: String(message["message_id"]),
      status: String(event["delivery_status"]),
      webhook: String(event["webhook_update_state"]),
      ...(typeof event["webhook_uri"] === "string" ? { url: event["webhook_uri"] } : {}),
      ...(typeof event["error_description"] === "string" ? { error: event["error_description"] } : {}),
      ...(typeof event["timestamp"] === "number" ? { at: event["timestamp"] } : {}),
    }));
  });
}
