/** Do the app ID and the app secret match? */
import { isRefusal } from "../../errors.ts";
import { appToken } from "../../graph/token.ts";
import { envName } from "../../setting-names.ts";
import { appOf, finding, refusedFinding, type Question } from "../question.ts";

export const appCredentials: Question = {
  code: "app.credentials",
  title: "App credentials",
  expected: "matching app ID and app secret",
  needs: ["appId", "appSecret"],
  async ask(context, facts) {
    const credentials = appOf(context, facts);
    if (credentials === undefined) return [];
    try {
      const { body, date } = await context.graph.request({
        path: credentials.appId,
        query: { fields: "name" },
        token: appToken(credentials),
      });
      if (date !== undefined) facts.skew = date - context.now;
      const got = typeof body["name"] === "string" ? body["name"] : credentials.appId;
      return [finding(appCredentials, "pass", { got })];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      facts.unusable.set("appSecret", "the app ID or the app secret is wrong");
      const fix = `copy ${envName("appId")} and ${envName("appSecret")} from App settings → Basic`;
      return [refusedFinding(appCredentials, error, fix)];
    }
  },
};
