/** Do the app id and the app secret belong together? */
import { isRefusal } from "../../errors.ts";
import { appToken } from "../../graph/token.ts";
import { answer, appOf, refusal, type Question } from "../question.ts";

export const app: Question = {
  code: "app.credentials",
  title: "do app id and app secret belong together?",
  expected: "an app that Meta knows",
  needs: ["appId", "appSecret"],
  async ask(patient, known) {
    const credentials = appOf(patient, known);
    if (credentials === undefined) return [];
    try {
      const { body, date } = await patient.graph.request({
        path: credentials.appId,
        query: { fields: "name" },
        token: appToken(credentials),
      });
      if (date !== undefined) known.skew = date - patient.now;
      return [answer(app, "pass", { got: typeof body["name"] === "string" ? body["name"] : credentials.appId })];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      known.without.set("appSecret", "the app id or the app secret is wrong");
      const fix = "set WHATSAPP_APP_ID and WHATSAPP_APP_SECRET as they stand under App settings → Basic";
      return [refusal(app, error, fix)];
    }
  },
};
