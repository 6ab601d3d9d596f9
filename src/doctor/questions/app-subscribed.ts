/** Is the app subscribed to the WABA, so that the WABA's webhooks are sent to it? */
import { readSubscribedApps, type SubscribedApp } from "../../graph/subscriptions.ts";
import { envName } from "../../setting-names.ts";
import { finding, type Question } from "../question.ts";

const SUBSCRIBE = "run wa-hook webhook subscribe";

export const appSubscribed: Question = {
  code: "account.subscribed",
  title: "App subscribed to WABA",
  expected: "this app",
  needs: ["accessToken", "businessAccountId"],
  async ask({ graph, settings }, facts) {
    const apps = await readSubscribedApps(graph, settings.businessAccountId?.value ?? "");
    const ours = settings.appId?.value ?? facts.inspection?.facts.appId;
    const names = apps.map(nameOf).join(" and ");
    if (apps.length === 0) {
      return [finding(appSubscribed, "fail", { got: "no app is subscribed", reason: "none", fix: SUBSCRIBE })];
    }
    if (ours === undefined) {
      const fix = `set ${envName("appId")} to the ID of your app`;
      return [finding(appSubscribed, "warn", { got: names, reason: "unknown", fix })];
    }
    const found = apps.find(({ id }) => id === ours);
    if (found !== undefined) return [finding(appSubscribed, "pass", { got: nameOf(found) })];
    return [finding(appSubscribed, "fail", { got: `only ${names}`, reason: "other", fix: SUBSCRIBE })];
  },
};

function nameOf({ id, name }: SubscribedApp): string {
  return name === undefined ? id : `${name} (${id})`;
}
