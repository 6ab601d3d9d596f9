/** Is the access token good, for the right things, and of the right app? */
import { judgeToken, SCOPES } from "../../graph/token-findings.ts";
import { inspectToken, type Inspection } from "../../graph/token.ts";
import type { Patient } from "../patient.ts";
import { answer, appOf, lack, type Known, type Question } from "../question.ts";

export const token: Question = {
  code: "token",
  title: "what does Meta tell of the access token?",
  expected: "its expiry and its permissions",
  needs: ["accessToken"],
  async ask(patient, known) {
    const { appId, businessAccountId } = patient.settings;
    const inspection = await inspect(patient, known);
    if (inspection === undefined) {
      const wrongSecret = known.without.get("appSecret") !== undefined && patient.settings.appSecret !== undefined;
      // Every request proves that the secret is known, so Meta refuses them all.
      if (wrongSecret) known.without.set("accessToken", "Meta takes the access token only with its app's secret");
      const got = wrongSecret ? "nothing, because of the app secret" : "nothing: it tells them to the app alone";
      return [
        answer(token, wrongSecret ? "skip" : "warn", { got, fix: "set WHATSAPP_APP_ID and WHATSAPP_APP_SECRET" }),
      ];
    }
    const { facts, otherApp } = inspection;
    if (!facts.valid) known.without.set("accessToken", "the access token is no longer good");
    else if (otherApp === true) known.without.set("accessToken", "the access token is of another app");
    const findings = judgeToken(inspection, {
      scopes: SCOPES,
      now: patient.now,
      ...(appId === undefined ? {} : { appId: appId.value }),
      ...(businessAccountId === undefined ? {} : { businessAccountId: businessAccountId.value }),
    });
    return findings.filter(({ code }) => code !== "token.clock");
  },
};

/** What Meta tells of the token, asked once; nothing when it does not, or when there is none. */
export async function inspect(patient: Patient, known: Known): Promise<Inspection | undefined> {
  const { accessToken } = patient.settings;
  if ("inspection" in known || accessToken === undefined || lack(["accessToken"], known)) return known.inspection;
  known.inspection = await inspectToken(patient.graph, accessToken.value, appOf(patient, known));
  const date = known.inspection?.date;
  if (date !== undefined) known.skew ??= date - patient.now;
  return known.inspection;
}
