/** Is the app subscribed to the token's other WABAs too? The dashboard subscribes it to the test WABA only. */
import { isRefusal } from "../../errors.ts";
import { readBusinessAccount } from "../../graph/assets.ts";
import type { Graph } from "../../graph/client.ts";
import { readSubscribedApps } from "../../graph/subscriptions.ts";
import { wabasIn } from "../../graph/token-permissions.ts";
import type { Finding } from "../../report/finding.ts";
import { envName } from "../../setting-names.ts";
import { finding, nameOfApp, type Question } from "../question.ts";

/** The most WABAs that are checked, with two requests each. */
const MAX_ACCOUNTS = 10;

export const otherAccounts: Question = {
  code: "account.other",
  title: "WABA of the token",
  expected: "this app is subscribed",
  needs: ["accessToken"],
  async ask({ graph, settings }, { inspection }) {
    const ours = settings.appId?.value ?? inspection?.facts.appId;
    const configured = settings.businessAccountId?.value;
    const ids = wabasIn(inspection?.facts.granted ?? []).filter((id) => id !== configured);
    if (ours === undefined) return [];
    const findings: Finding[] = [];
    for (const id of ids.slice(0, MAX_ACCOUNTS)) findings.push(await judge(graph, id, ours));
    const rest = ids.length - findings.length;
    return rest > 0 ? [...findings, finding(otherAccounts, "skip", { got: `${rest} more; not checked` })] : findings;
  },
};

async function judge(graph: Graph, id: string, ours: string): Promise<Finding> {
  try {
    const { name } = await readBusinessAccount(graph, id);
    const label = name === undefined ? id : `${name} (${id})`;
    const apps = await readSubscribedApps(graph, id);
    if (apps.some((app) => app.id === ours)) return finding(otherAccounts, "pass", { got: `${label}: subscribed` });
    const only = apps.length === 0 ? "no app is subscribed" : `only ${apps.map(nameOfApp).join(" and ")}`;
    const fix = `if its numbers should be received: set ${envName("businessAccountId")} to ${id} and run wa-hook webhook subscribe`;
    return finding(otherAccounts, "warn", { got: `${label}: ${only}`, fix });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return finding(otherAccounts, "skip", { got: `${id}: not accessible` });
  }
}
