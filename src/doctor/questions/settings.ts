/** Are all the settings present that the other questions need? */
import { ID_FORM } from "../../graph/assets.ts";
import { TOKEN_FORM } from "../../graph/token.ts";
import type { Finding } from "../../report/finding.ts";
import { envName } from "../../setting-names.ts";
import type { Context, ContextSetting } from "../context.ts";
import type { Question } from "../question.ts";

interface Rule {
  setting: ContextSetting;
  code: string;
  title: string;
  expected: string;
  /** A value of another form would not even reach Meta. */
  form: RegExp;
  /** What is not checked without it. */
  skipped: string;
  /** Where to find the value. */
  where: string;
  /** Hardly anything can be checked without it. */
  vital?: true;
}

const BASIC = "App settings → Basic in the app dashboard";
const API_SETUP = "WhatsApp → API Setup in the app dashboard";
const NUMERIC = "a numeric ID of about 15 digits";

const RULES: readonly Rule[] = [
  {
    setting: "accessToken",
    code: "access-token",
    title: "Access token",
    expected: "a token without quotes or spaces",
    form: TOKEN_FORM,
    skipped: "the phone number and the WABA",
    where: API_SETUP,
    vital: true,
  },
  {
    setting: "phoneNumberId",
    code: "phone-number-id",
    title: "Phone number ID",
    expected: NUMERIC,
    form: ID_FORM,
    skipped: "the phone number and its callback override",
    where: `${API_SETUP}, below the number`,
  },
  {
    setting: "businessAccountId",
    code: "business-account-id",
    title: "WABA ID",
    expected: NUMERIC,
    form: ID_FORM,
    skipped: "the apps that are subscribed to the WABA",
    where: API_SETUP,
  },
  {
    setting: "appId",
    code: "app-id",
    title: "App ID",
    expected: NUMERIC,
    form: ID_FORM,
    skipped: "the app's webhook subscription",
    where: BASIC,
  },
  {
    setting: "appSecret",
    code: "app-secret",
    title: "App secret",
    expected: "a secret of printable characters",
    form: /^[!-~]+$/,
    skipped: "the app's webhook subscription and a signed delivery",
    where: BASIC,
  },
  {
    setting: "verifyToken",
    code: "verify-token",
    title: "Verify token",
    expected: "the token that the callback was registered with",
    form: /./,
    skipped: "the callback's response",
    where: "the token that the callback was registered with",
  },
];

export const settings: Question = {
  code: "settings",
  title: "Settings",
  expected: "all settings",
  needs: [],
  ask: (context, facts) => {
    const findings = RULES.map((rule) => {
      const given = context.settings[rule.setting];
      const name = envName(rule.setting);
      if (given === undefined) facts.unusable.set(rule.setting, `${name} is not set`);
      else if (!rule.form.test(given.value)) facts.unusable.set(rule.setting, `${name} is malformed`);
      return judge(rule, context);
    });
    return Promise.resolve(findings);
  },
};

function judge(
  { setting, code, title, expected, form, skipped, where, vital }: Rule,
  { settings: given, envFile, developmentFile }: Context,
): Finding {
  const base = { code: `settings.${code}`, title, expected };
  const found = given[setting];
  if (found === undefined) {
    const fix = `set ${envName(setting)} in ${envFile} (${where})`;
    const status = vital === true ? "fail" : "warn";
    const isGenerated = setting === "appSecret" && developmentFile !== undefined;
    const note = isGenerated ? ` (${developmentFile} has one for development; not registered with Meta)` : "";
    return { ...base, status, got: `not set${note}; not checked: ${skipped}`, reason: "missing", fix };
  }
  const { value, from, others } = found;
  if (value === "") {
    return { ...base, status: "fail", got: `${from} is empty`, reason: "empty", fix: `set it (${where}) or remove it` };
  }
  if (!form.test(value)) {
    const got = `${from} is malformed (${value.length} characters)`;
    return { ...base, status: "fail", got, reason: "malformed", fix: `copy it again from ${where}, without quotes` };
  }
  if (others.length === 0) return { ...base, status: "pass", got: from };
  const got = `${from}; ${others.join(" and ")} has a different value and is not used`;
  return { ...base, status: "warn", got, reason: "ambiguous", fix: "keep the correct one and delete the other" };
}
