/** May the app be live? Meta tells no app's mode, but an app without a privacy policy cannot be published. */
import { isRefusal } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import { appToken, type AppCredentials } from "../../graph/token.ts";
import { answer, appOf, type Question } from "../question.ts";

export const appMode: Question = {
  code: "app.mode",
  title: "is the app published?",
  expected: "live mode",
  needs: ["appId", "appSecret"],
  async ask(patient, known) {
    const credentials = appOf(patient, known);
    if (credentials === undefined) return [];
    const told = await policyOf(patient.graph, credentials);
    if (told !== "") {
      return [answer(appMode, "skip", { got: "Meta does not tell: the top of the app's dashboard does" })];
    }
    const fix =
      "enter one under App settings → Basic and publish the app: in development mode some webhooks are not sent";
    return [answer(appMode, "warn", { got: "it has no privacy policy URL, without which it cannot be", fix })];
  },
};

/** Empty when there is none; nothing when Meta does not tell. */
async function policyOf(graph: Graph, app: AppCredentials): Promise<string | undefined> {
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
