/** Is everything set that is needed to ask? */
import { ID_FORM } from "../../graph/assets.ts";
import { TOKEN_FORM } from "../../graph/token.ts";
import type { Finding } from "../../report/finding.ts";
import type { Given, PatientSetting } from "../patient.ts";
import type { Question } from "../question.ts";

interface Rule {
  setting: PatientSetting;
  code: string;
  label: string;
  name: string;
  /** What one looks like; anything else would not even reach Meta. */
  form: RegExp;
  /** What cannot be asked without it. */
  without: string;
  /** Where it is found. */
  where: string;
  /** Without it there is next to nothing to ask. */
  vital?: true;
}

const BASIC = "under App settings → Basic in the app's dashboard";
const API_SETUP = "under WhatsApp → API Setup in the app's dashboard";

const RULES: readonly Rule[] = [
  {
    setting: "accessToken",
    code: "access-token",
    label: "access token",
    name: "WHATSAPP_ACCESS_TOKEN",
    form: TOKEN_FORM,
    without: "Meta tells nothing of the number and the business account",
    where: API_SETUP,
    vital: true,
  },
  {
    setting: "phoneNumberId",
    code: "phone-number-id",
    label: "phone number id",
    name: "WHATSAPP_PHONE_NUMBER_ID",
    form: ID_FORM,
    without: "it cannot be asked whether the number is registered and which URL gets its messages",
    where: `${API_SETUP}, below the number: some 15 digits`,
  },
  {
    setting: "businessAccountId",
    code: "business-account-id",
    label: "business account id",
    name: "WHATSAPP_BUSINESS_ACCOUNT_ID",
    form: ID_FORM,
    without: "it cannot be asked which apps are subscribed to the account",
    where: `${API_SETUP}: some 15 digits`,
  },
  {
    setting: "appId",
    code: "app-id",
    label: "app id",
    name: "WHATSAPP_APP_ID",
    form: ID_FORM,
    without: "it cannot be asked what the app has subscribed to",
    where: BASIC,
  },
  {
    setting: "appSecret",
    code: "app-secret",
    label: "app secret",
    name: "WHATSAPP_APP_SECRET",
    form: /^[!-~]+$/,
    without: "it cannot be asked what the app has subscribed to, and no delivery can be signed to try the callback",
    where: BASIC,
  },
  {
    setting: "verifyToken",
    code: "verify-token",
    label: "verify token",
    name: "WHATSAPP_VERIFY_TOKEN",
    form: /./,
    without: "the callback cannot be tried",
    where: "the words that the callback was registered with",
  },
];

export const settings: Question = {
  code: "settings",
  title: "is everything set?",
  expected: "all settings",
  needs: [],
  ask: (patient, known) => {
    const findings = RULES.map((rule) => {
      const given = patient.settings[rule.setting];
      if (given === undefined) known.without.set(rule.setting, `${rule.name} is not set`);
      else if (!rule.form.test(given.value)) known.without.set(rule.setting, `${rule.name} is garbled`);
      return judge(rule, given);
    });
    return Promise.resolve(findings);
  },
};

function judge({ code, label, name, form, without, where, vital }: Rule, given: Given | undefined): Finding {
  const about = { code: `settings.${code}`, title: `is the ${label} set?`, expected: name };
  if (given === undefined) {
    const status = vital === true ? "fail" : "warn";
    return { ...about, status, got: `no: ${without}`, reason: "missing", fix: `put ${name} into .env (${where})` };
  }
  if (!form.test(given.value)) {
    if (given.value === "") {
      return { ...about, status: "fail", got: `${given.from} is empty`, fix: `set it (${where}), or remove it` };
    }
    const got = `${given.from} does not look like one: ${given.value.length} characters`;
    return { ...about, status: "fail", got, fix: `copy it again, whole and without quotes (${where})` };
  }
  if (given.others.length === 0) return { ...about, status: "pass", got: given.from };
  const got = `${given.from}; but ${given.others.join(" and ")} holds another and is not used`;
  return { ...about, status: "warn", got, fix: "keep the one that is right and delete the other" };
}
