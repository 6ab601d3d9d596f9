/** Callback URLs: the app's subscription, and the overrides of the account and the number. */
import { httpUrl, isLoopback } from "../../http/url.ts";
import { fields, undocumented } from "../../webhook/fields/index.ts";
import type { Clock } from "../clock.ts";
import { invalid, GraphErrorResponse } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";
import type { Log } from "../log.ts";
import { LOCAL_ONLY_REASON } from "../options.ts";
import { verifyCallback } from "./handshake.ts";

/** All field names that a subscription accepts. */
export const FIELDS = [...fields, ...undocumented].map(({ name }) => name).toSorted();

interface Subscription {
  callback: string;
  fields: ReadonlyMap<string, string>;
}

interface Context {
  log: Log;
  clock: Clock;
  ids: Ids;
  /** Whether callback URLs are limited to this machine. */
  localOnly: boolean;
}

export const MAX_OVERRIDE = 200;
/** Meta documents no limit for the app's callback URL; this one bounds memory. */
const MAX_CALLBACK = 2048;

export class Callbacks {
  /** What the app has subscribed to. */
  app: Subscription | undefined;
  /** The apps that get this account's webhooks, each with the URL that it wants them at instead of its own. */
  readonly subscribed = new Map<string, { application: string; override?: string }>();
  /** The override of the phone number. */
  phone: string | undefined;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The callback URL for webhooks of a field, or why there is none. The number's override precedes the account's and the app's URL. */
  urlFor(field: string, appId: string): { url: string } | { reason: string } {
    const subscription = this.subscribed.get(appId);
    if (subscription === undefined) {
      return { reason: "the app is not subscribed to the WABA; subscribe it with POST /{waba-id}/subscribed_apps" };
    }
    if (this.app === undefined) {
      return { reason: "the app has no callback URL; start with --webhook, or POST /{app-id}/subscriptions" };
    }
    if (!this.app.fields.has(field)) return { reason: `the app is not subscribed to the field ${field}` };
    return { url: this.phone ?? subscription.override ?? this.app.callback };
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
