/** Can the app be published? The API does not expose the mode, but an app without a privacy policy URL cannot be live. */
import { isRefusal } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import { appToken, type AppCredentials } from "../../graph/token.ts";
import { appOf, finding, type Question } from "../question.ts";

export const appMode: Question = {
  code: "app.mode",
  title: "App published",
  expected: "live mode",
  needs: ["appId", "appSecret"],
  async ask(context, facts) {
    const credentials = appOf(context, facts);
    if (credentials === undefined) return [];
    const url = await privacyPolicyOf(context.graph, credentials);
    if (url !== "") {
      return [finding(appMode, "skip", { got: UNKNOWN })];
    }
    const fix =
      "set a privacy policy URL under App settings → Basic, then publish the app: Meta does not send some webhooks in development mode";
    return [finding(appMode, "warn", { got: "not possible without a privacy policy URL", fix })];
  },
};

const UNKNOWN = "unknown to the API; if only the dashboard's test arrives, publish the app in the app dashboard";

/** Empty when none is set; undefined when Meta refuses to disclose it. */
async function privacyPolicyOf(graph: Graph, app: AppCredentials): Promise<string | undefined> {
  try {
    const query = { fields: "privacy_policy_url" };
    const { body } = await graph.request({ path: app.appId, query, token: appToken(app) });
    const url = body["privacy_policy_url"];
    return typeof url === "string" ? url : "";
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
