/** Is the access token valid, does it have the permissions, and does it belong to the app? */
import { checkToken, TOKEN_DETAILS } from "../../graph/token-findings.ts";
import { type Assets, SCOPES } from "../../graph/token-permissions.ts";
import { inspectToken, type Inspection } from "../../graph/token.ts";
import { envName } from "../../setting-names.ts";
import type { Context, ContextSetting } from "../context.ts";
import { appOf, finding, whyUnusable, type Facts, type Question } from "../question.ts";

export const token: Question = {
  ...TOKEN_DETAILS,
  needs: ["accessToken"],
  async ask(context, facts) {
    const { appId, appSecret } = context.settings;
    const inspection = await inspect(context, facts);
    if (inspection === undefined) {
      const wrongSecret = facts.unusable.get("appSecret") !== undefined && appSecret !== undefined;
      // Every request carries a proof made with the app secret, so Meta refuses all of them.
      if (wrongSecret) facts.unusable.set("accessToken", "Meta accepts the access token only with the app secret");
      const got = wrongSecret ? "not checked: the app secret is wrong" : "not available without the app's credentials";
      const fix = `set ${envName("appId")} and ${envName("appSecret")}`;
      return [finding(token, wrongSecret ? "skip" : "warn", { got, fix })];
    }
    const { facts: tokenFacts, otherApp } = inspection;
    if (!tokenFacts.valid) facts.unusable.set("accessToken", "the access token is invalid");
    else if (otherApp === true) facts.unusable.set("accessToken", "the access token belongs to another app");
    const findings = await checkToken(context.graph, inspection, {
      scopes: SCOPES,
      now: context.now,
      ...(appId === undefined ? {} : { appId: appId.value }),
      ...assetsOf(context, facts),
    });
    return findings.filter(({ code }) => code !== "token.clock");
  },
};

/** The IDs in the settings that have the right form. */
function assetsOf({ settings: { businessAccountId, phoneNumberId } }: Context, facts: Facts): Assets {
  const usable = (name: ContextSetting) => whyUnusable([name], facts) === undefined;
  return {
    ...(businessAccountId !== undefined && usable("businessAccountId")
      ? { businessAccountId: businessAccountId.value }
      : {}),
    ...(phoneNumberId !== undefined && usable("phoneNumberId") ? { phoneNumberId: phoneNumberId.value } : {}),
  };
}

/** Inspects the token once; undefined when Meta discloses nothing, or when no token is set. */
export async function inspect(context: Context, facts: Facts): Promise<Inspection | undefined> {
  const { accessToken } = context.settings;
  if ("inspection" in facts || accessToken === undefined || whyUnusable(["accessToken"], facts)) {
    return facts.inspection;
  }
  facts.inspection = await inspectToken(context.graph, accessToken.value, appOf(context, facts));
  const date = facts.inspection?.date;
  if (date !== undefined) facts.skew ??= date - context.now;
  return facts.inspection;
}
