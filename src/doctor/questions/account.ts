/** Does the business account send its webhooks to this app? */
import { readSubscribedApps, type SubscribedApp } from "../../graph/subscriptions.ts";
import { answer, type Question } from "../question.ts";

export const account: Question = {
  code: "account.subscribed",
  title: "is this app subscribed to the business account?",
  expected: "this app among the account's",
  needs: ["accessToken", "businessAccountId"],
  async ask({ graph, settings }, known) {
    const apps = await readSubscribedApps(graph, settings.businessAccountId?.value ?? "");
    const ours = settings.appId?.value ?? known.inspection?.facts.appId;
    const names = apps.map(nameOf).join(" and ");
    if (apps.length === 0)
      return [answer(account, "fail", { got: "no app is", reason: "none", fix: "wa-hook webhook subscribe" })];
    if (ours === undefined) {
      const fix = "set WHATSAPP_APP_ID, so that it can be told whether this is yours";
      return [answer(account, "warn", { got: `${names}; which app is yours is not known`, fix })];
    }
    const found = apps.find(({ id }) => id === ours);
    if (found !== undefined) return [answer(account, "pass", { got: nameOf(found) })];
    return [answer(account, "fail", { got: `only ${names}`, fix: "wa-hook webhook subscribe" })];
  },
};

function nameOf({ id, name }: SubscribedApp): string {
  return name === undefined ? id : `${name} (${id})`;
}
