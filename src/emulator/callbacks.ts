/** Where webhooks go: the app's subscription, and the URLs that the account or the number has instead. */
import { Refusal } from "./answer.ts";
import type { Clock } from "./clock.ts";
import { shakeHands } from "./handshake.ts";
import type { Ids } from "./ids.ts";
import type { Log } from "./log.ts";

/** Every word that a subscription's `fields` may have. */
export const FIELDS = [
  ..."account_alerts account_review_update account_settings_update account_update automatic_events".split(" "),
  ..."business_capability_update business_status_update business_username_update calls flows".split(" "),
  ..."group_lifecycle_update group_participants_update group_settings_update group_status_update history".split(" "),
  ..."message_echoes message_template_components_update message_template_quality_update".split(" "),
  ..."message_template_status_update messages messaging_handovers partner_solutions".split(" "),
  ..."payment_configuration_update phone_number_name_update phone_number_quality_update security".split(" "),
  ..."smb_app_state_sync smb_message_echoes standby template_category_update".split(" "),
  ..."template_correct_category_detection tracking_events user_id_update user_preferences".split(" "),
];

interface Subscription {
  callback: string;
  fields: ReadonlyMap<string, string>;
}

export const MAX_OVERRIDE = 200;

export class Callbacks {
  /** What the app has subscribed to. */
  app: Subscription | undefined;
  /** The apps that get this account's webhooks, each with the URL that it wants them at instead of its own. */
  readonly subscribed = new Map<string, { application: string; override?: string }>();
  /** The URL for this number alone. */
  phone: string | undefined;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(log: Log, clock: Clock, ids: Ids) {
    this.#log = log;
    this.#clock = clock;
    this.#ids = ids;
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
    const url = URL.canParse(callback) ? new URL(callback) : undefined;
    const speaks = url?.protocol === "https:" || url?.protocol === "http:";
    if (url === undefined || !speaks) {
      throw new Refusal(100, { message: "(#100) Invalid parameter", details: `${callback} is not a URL`, http: 400 });
    }
    const challenge = this.#ids.digits("challenge").slice(0, 10);
    const fault = await shakeHands(url, verifyToken, challenge);
    const ok = fault === undefined;
    this.#log.tell({ type: "handshake", at: this.#clock.now(), url: callback, ok, ...(ok ? {} : { reason: fault }) });
    if (ok) return callback;
    const message = `(#2200) Callback verification failed with the following errors: ${fault}`;
    throw new Refusal(2200, { message, http: 400 });
  }
}
