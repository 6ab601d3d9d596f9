/** `wa-hook webhook status`: the callbacks of each level and the subscriptions. */
import * as z from "zod";

import {
  readAppSubscription,
  readCallbacks,
  readSubscribedApps,
  winner,
  type AppSubscription,
  type Level,
  type SubscribedApp,
} from "../../graph/subscriptions.ts";
import { defineCommand } from "../../terminal/command.ts";
import { pad, plain, type Paint } from "../../terminal/paint.ts";
import { needPhoneNumberId, needToken, openGraph, targetOf } from "../inputs/graph.ts";
import { webhookInputs } from "./inputs.ts";

const inputs = z.object(webhookInputs);

type Event =
  /** The callback URL that is set at one level; `wins` means that Meta sends there. */
  | { type: "callback"; level: Level; url?: string; wins: boolean }
  /** The apps that get the webhooks of the WABA; `own` is the ID of the configured app. */
  | { type: "subscribed-apps"; apps: SubscribedApp[]; own?: string }
  /** The app's own subscription; without fields, there is none. */
  | ({ type: "app-subscription" } & Partial<Omit<AppSubscription, "versions">>);

export const webhookStatus = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [["wa-hook webhook status", "Callbacks, subscribed apps and fields"]],

  async *run(inputs, world) {
    needToken(inputs);
    const phone = needPhoneNumberId(inputs.phoneNumberId);
    await using graph = openGraph(inputs, world);
    const callbacks = await readCallbacks(graph, phone);
    const wins = winner(callbacks);
    for (const level of ["phone", "waba", "app"] as const) {
      const url = callbacks[level];
      yield { type: "callback", level, ...(url === undefined ? {} : { url }), wins: level === wins };
    }
    const { businessAccountId, appId, app } = targetOf(graph, "phone", inputs);
    if (businessAccountId !== undefined) {
      const apps = await readSubscribedApps(graph, businessAccountId);
      yield { type: "subscribed-apps", apps, ...(appId === undefined ? {} : { own: appId }) };
    }
    if (app === undefined) return;
    const subscription = await readAppSubscription(graph, app);
    if (subscription === undefined) return yield { type: "app-subscription" };
    const { url, active, fields } = subscription;
    yield { type: "app-subscription", url, active, fields };
  },

  print(event, paint) {
    switch (event.type) {
      case "callback":
        return callbackLine(event, paint);
      case "subscribed-apps":
        return appsLine(event, paint);
      case "app-subscription": {
        const { url, fields = [], active } = event;
        const shown = url === undefined ? paint.bad("none") : plain(fields.join(", "));
        return `${pad("fields", 12)}${shown}${active === false ? paint.bad("  (inactive)") : ""}`;
      }
    }
  },
});

function callbackLine({ level, url, wins }: Extract<Event, { type: "callback" }>, paint: Paint): string {
  const shown = url === undefined ? paint.quiet("–") : plain(url);
  return `${pad(level, 12)}${shown}${wins ? paint.good("  ← receives messages") : ""}`;
}

function appsLine({ apps, own }: Extract<Event, { type: "subscribed-apps" }>, paint: Paint): string {
  const names = apps.map(({ id, name }) => `${plain(name ?? id)}${id === own ? paint.good(" (this app)") : ""}`);
  const missing = own !== undefined && apps.every(({ id }) => id !== own);
  const advice = missing
    ? `\n${" ".repeat(12)}${paint.warn("→ this app is not subscribed: run wa-hook webhook subscribe")}`
    : "";
  return `${pad("subscribed", 12)}${names.length === 0 ? paint.bad("no app") : names.join(", ")}${advice}`;
}
