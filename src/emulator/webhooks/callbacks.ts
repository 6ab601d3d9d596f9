/** Callback URLs: each app's subscription, and the overrides of the account and of phone numbers. */
import { httpUrl, isLoopback } from "../../http/url.ts";
import type { App, Apps } from "../account/apps.ts";
import type { Clock } from "../clock.ts";
import { invalid, GraphErrorResponse } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";
import type { Log } from "../log.ts";
import { LOCAL_ONLY_REASON } from "../options.ts";
import { verifyCallback } from "./handshake.ts";

interface Subscription {
  callback: string;
  /** The Graph version of each subscribed field. */
  fields: ReadonlyMap<string, string>;
}

interface Context {
  apps: Apps;
  log: Log;
  clock: Clock;
  ids: Ids;
  /** Whether callback URLs are limited to this machine. */
  localOnly: boolean;
}

/** Where an app gets the webhooks of a field. */
export interface Target {
  app: App;
  url: string;
  /** The version that the app subscribed the field in, such as `v25.0`. */
  version: string;
}

export const MAX_OVERRIDE = 200;
/** Meta documents no limit for the app's callback URL; this one bounds memory. */
const MAX_CALLBACK = 2048;
/** Source: Meta, "Override webhooks": other fields always go to the app's callback URL. */
const OVERRIDDEN = "messages";

export class Callbacks {
  /** What each app has subscribed to, by app id. */
  readonly subscriptions = new Map<string, Subscription>();
  /** The apps that get this account's webhooks, each with the URL that it wants messages at instead of its own. */
  readonly subscribed = new Map<string, { application: string; override?: string }>();
  readonly #phones = new Map<string, string>();
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Subscribes an app to the account, and its callback URL, if it has one, to these fields without a handshake. */
  subscribe(app: App, webhook: string | URL | undefined, fields: ReadonlyMap<string, string>): void {
    this.subscribed.set(app.id, { application: app.name });
    if (webhook !== undefined) this.subscriptions.set(app.id, { callback: String(webhook), fields });
  }

  /** An app's override for a phone number. */
  phoneOverride(appId: string, phoneNumberId: string): string | undefined {
    return this.#phones.get(`${appId} ${phoneNumberId}`);
  }

  /** Sets an app's override for a phone number; undefined removes it. */
  overridePhone(appId: string, phoneNumberId: string, url: string | undefined): void {
    const key = `${appId} ${phoneNumberId}`;
    if (url === undefined) this.#phones.delete(key);
    else this.#phones.set(key, url);
  }

  /** The callback URLs in the `webhook_configuration` of a phone number. */
  configurationOf(appId: string, phoneNumberId: string): object {
    const urls = {
      phone_number: this.phoneOverride(appId, phoneNumberId),
      whatsapp_business_account: this.subscribed.get(appId)?.override,
      application: this.subscriptions.get(appId)?.callback,
    };
    return Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== undefined));
  }

  /** Throws Meta's error for an override of an app that does not get the account's webhooks. */
  requireSubscribed(appId: string): void {
    if (this.subscribed.has(appId)) return;
    throw invalid(
      "Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account",
    );
  }

  /** Every app that gets the webhooks of a field. */
  targets(field: string, phoneNumberId?: string): Target[] {
    return [...this.subscribed.keys()].flatMap((appId) => {
      const target = this.target(field, appId, phoneNumberId);
      return "url" in target ? [target] : [];
    });
  }

  /**
   * Where an app gets the webhooks of a field, or why it does not. For messages, the app's override of the number precedes its override
   * of the account and its own URL.
   */
  target(field: string, appId: string, phoneNumberId = ""): Target | { reason: string } {
    const [waba, subscription] = [this.subscribed.get(appId), this.subscriptions.get(appId)];
    if (waba === undefined) {
      return { reason: "the app is not subscribed to the WABA; subscribe it with POST /{waba-id}/subscribed_apps" };
    }
    const app = this.#context.apps.get(appId);
    if (subscription === undefined || app === undefined) {
      return { reason: "the app has no callback URL; start with --webhook, or POST /{app-id}/subscriptions" };
    }
    const version = subscription.fields.get(field);
    if (version === undefined) return { reason: `the app is not subscribed to the field ${field}` };
    const override = field === OVERRIDDEN ? (this.phoneOverride(appId, phoneNumberId) ?? waba.override) : undefined;
    return { app, url: override ?? subscription.callback, version };
  }

  /** Verifies a callback URL with the handshake. Throws Meta's error 2200 when it fails. */
  async verify(callback: string, verifyToken: string): Promise<string> {
    const { localOnly, clock, ids, log } = this.#context;
    const url = httpUrl(callback);
    if (url === undefined) throw invalid("Invalid parameter", `${shorten(callback)} is not an HTTP URL`);
    if (callback.length > MAX_CALLBACK) throw invalid("Invalid parameter", `the URL is longer than ${MAX_CALLBACK}`);
    const forbidden = localOnly && !isLoopback(url);
    const challenge = ids.digits("challenge").slice(0, 10);
    const failure = forbidden ? NOT_LOCAL : await verifyCallback(url, verifyToken, challenge);
    const ok = failure === undefined;
    log.emit({ type: "handshake", at: clock.now(), url: callback, ok, ...(ok ? {} : { reason: failure }) });
    if (ok) return callback;
    throw new GraphErrorResponse(2200, {
      message: `(#2200) Callback verification failed with the following errors: ${failure}`,
    });
  }
}

const NOT_LOCAL = `not called because the URL is not on this machine; ${LOCAL_ONLY_REASON}`;

function shorten(callback: string): string {
  return callback.length > 100 ? `${callback.slice(0, 100)}…` : callback;
}
