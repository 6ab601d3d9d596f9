/** Is the app subscribed to the WABA, so that the WABA's webhooks are sent to it? */
import { readSubscribedApps, type SubscribedApp } from "../../graph/subscriptions.ts";
import type { Finding } from "../../report/finding.ts";
import { envName } from "../../setting-names.ts";
import { finding, nameOfApp, type Question } from "../question.ts";

const SUBSCRIBE = "run wa-hook webhook subscribe";

export const appSubscribed: Question = {
  code: "account.subscribed",
  title: "App subscribed to WABA",
  expected: "this app",
  needs: ["accessToken", "businessAccountId"],
  async ask({ graph, settings }, facts) {
    const apps = await readSubscribedApps(graph, settings.businessAccountId?.value ?? "");
    const ours = settings.appId?.value ?? facts.inspection?.facts.appId;
    const names = apps.map(nameOfApp).join(" and ");
    if (apps.length === 0) {
      return [finding(appSubscribed, "fail", { got: "no app is subscribed", reason: "none", fix: SUBSCRIBE })];
    }
    if (ours === undefined) {
      const fix = `set ${envName("appId")} to the ID of your app`;
      return [finding(appSubscribed, "warn", { got: names, reason: "unknown", fix })];
    }
    const found = apps.find(({ id }) => id === ours);
    if (found !== undefined) {
      const others = apps.filter((app) => app !== found);
      return [
        finding(appSubscribed, "pass", { got: nameOfApp(found) }),
        ...(others.length === 0 ? [] : [also(others)]),
      ];
    }
    return [finding(appSubscribed, "fail", { got: `only ${names}`, reason: "other", fix: SUBSCRIBE })];
  },
};

const MAX_NAMED = 10;

/** Each app gets its own deliveries, and Meta's retries after the failure of one go to all. Source: Meta, "Webhooks", overview. */
function also(others: readonly SubscribedApp[]): Finding {
  const names = others
    .slice(0, MAX_NAMED)
    .map((app) => `${nameOfApp(app)}${app.override === undefined ? "" : ` at ${app.override}`}`);
  const more = others.length > MAX_NAMED ? ` and ${others.length - MAX_NAMED} more` : "";
  return {
    code: "account.other-apps",
    status: "pass",
    title: "Other subscribed apps",
    expected: "apps that you know",
    got: `${names.join(" and ")}${more}; a failure there repeats deliveries here`,
  };
}
