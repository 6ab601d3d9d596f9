/** Where webhooks go: the app's subscription, and the URLs that the account or the number has instead. */
import { httpUrl, isLoopback } from "../../http/url.ts";
import { fields, undocumented } from "../../webhook/fields/index.ts";
import type { Clock } from "../clock.ts";
import { invalid, Refusal } from "../http/answer.ts";
import type { Ids } from "../ids.ts";
import type { Log } from "../log.ts";
import { CONFINED } from "../options.ts";
import { shakeHands } from "./handshake.ts";

/** Every word that a subscription's `fields` may have. */
export const FIELDS = [...fields, ...undocumented].map(({ name }) => name).toSorted();

interface Subscription {
  callback: string;
  fields: ReadonlyMap<string, string>;
}

interface Around {
  log: Log;
  clock: Clock;
  ids: Ids;
  /** Whether they may lead to this machine only. */
  confined: boolean;
}

export const MAX_OVERRIDE = 200;
/** Meta has no number for the app's own callback; longer ones are no use to anybody. */
const MAX_CALLBACK = 2048;

export class Callbacks {
  /** What the app has subscribed to. */
  app: Subscription | undefined;
  /** The apps that get this account's webhooks, each with the URL that it wants them at instead of its own. */
  readonly subscribed = new Map<string, { application: string; override?: string }>();
  /** The URL for this number alone. */
  phone: string | undefined;
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Where the app's webhooks about messages go, or why nowhere. The nearest URL counts: the number's, the account's, the app's. */
  forMessages(appId: string): { url: string } | { reason: string } {
    const own = this.subscribed.get(appId);
    if (own === undefined) {
      return { reason: "the app is not subscribed to the account: POST /{waba-id}/subscribed_apps subscribes it" };
    }
    if (this.app === undefined) {
      return { reason: "the app has no callback URL: start with one, or POST /{app-id}/subscriptions" };
    }
    if (!this.app.fields.has("messages")) return { reason: "the app's subscription is without the field messages" };
    return { url: this.phone ?? own.override ?? this.app.callback };
  }

  /** Makes sure of a callback URL before it is used. Throws Meta's error 2200 when it does not answer as it must. */
  async verify(callback: string, verifyToken: string): Promise<string> {
    const { confined, clock, ids, log } = this.#around;
    const url = httpUrl(callback);
    if (url === undefined) throw invalid("Invalid parameter", `${show(callback)} is not a URL`);
    if (callback.length > MAX_CALLBACK) throw invalid("Invalid parameter", `the URL is longer than ${MAX_CALLBACK}`);
    const elsewhere = confined && !isLoopback(url);
    const challenge = ids.digits("challenge").slice(0, 10);
    const fault = elsewhere ? NOT_HERE : await shakeHands(url, verifyToken, challenge);
    const ok = fault === undefined;
    log.tell({ type: "handshake", at: clock.now(), url: callback, ok, ...(ok ? {} : { reason: fault }) });
    if (ok) return callback;
    throw new Refusal(2200, { message: `(#2200) Callback verification failed with the following errors: ${fault}` });
  }
}

const NOT_HERE = `the emulator did not call it: it is not on this machine, and ${CONFINED}`;

function show(callback: string): string {
  return callback.length > 100 ? `${callback.slice(0, 100)}…` : callback;
}
