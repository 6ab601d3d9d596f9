/** The access token, which is inspected at once: its validity, its permissions and its expiry. */
import { CredentialsError } from "../../../errors.ts";
import { checkToken } from "../../../graph/token-findings.ts";
import { SCOPES, wabasIn } from "../../../graph/token-permissions.ts";
import { inspectToken, TOKEN_FORM, type Inspection } from "../../../graph/token.ts";
import type { Finding } from "../../../report/finding.ts";
import { masked } from "../../../terminal/paint.ts";
import type { Outcome, Step } from "../step.ts";
import type { InitEvent } from "../view.ts";

const MALFORMED = "the access token has characters that tokens do not have";
const COPY_AGAIN = "copy the whole token again, without quotes";
const REOPEN = { accessToken: "replace" } as const;

export const tokenStep: Step = {
  prompts: [
    {
      setting: "accessToken",
      text: "Access token (of a system user, or from WhatsApp → API Setup)",
      optional: false,
      validate(typed) {
        if (typed === "") return "an access token is required: generate one under WhatsApp → API Setup";
        return TOKEN_FORM.test(typed) ? undefined : `${MALFORMED}: ${COPY_AGAIN}`;
      },
    },
  ],
  parse: (values) =>
    TOKEN_FORM.test(values.accessToken ?? "")
      ? { values }
      : { error: new CredentialsError(MALFORMED, { code: "token.malformed", hint: COPY_AGAIN }) },
  async check(graph, { values: { accessToken = "" }, progress: { app }, now }) {
    const inspection = await inspectToken(graph, accessToken, app);
    if (inspection === undefined) return { ok: true, events: [NOT_AVAILABLE] };
    const findings = await checkToken(graph, inspection, {
      scopes: SCOPES,
      now,
      ...(app === undefined ? {} : { appId: app.appId }),
    });
    const failed = findings.find(({ status }) => status === "fail");
    if (failed !== undefined) return refuse(failed);
    const warnings = findings.filter(({ status }) => status === "warn");
    return {
      ok: true,
      events: [
        tokenEvent(accessToken, inspection, now),
        ...warnings.map((finding) => ({ type: "finding", ...finding }) as const),
      ],
      progress: {
        temporary: findings.some(({ code }) => code === "token.long-lived"),
        wabas: wabasIn(inspection.facts.granted),
      },
    };
  },
};

/** With these failures the token is of no use, so the person cannot insist on it. */
const UNUSABLE = new Set(["token.valid", "token.expiry"]);

function refuse({ code, title, got, fix }: Finding): Outcome {
  const message = UNUSABLE.has(code)
    ? `the access token cannot be used: ${got}`
    : `token check failed: ${title}: ${got}`;
  const error = new CredentialsError(message, { code, ...(fix === undefined ? {} : { hint: fix }) });
  if (UNUSABLE.has(code)) return { ok: false, error, reopen: REOPEN };
  // A proof made with the secret of one app is invalid for the token of another.
  return { ok: false, error, reopen: REOPEN, override: code === "token.app" ? { app: undefined } : {} };
}

function tokenEvent(token: string, { facts, date }: Inspection, now: number): InitEvent {
  const { type, application, expiresAt } = facts;
  return {
    type: "token",
    token: masked(token),
    now: date ?? now,
    ...(type === undefined ? {} : { of: type }),
    ...(application === undefined ? {} : { application }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

const NOT_AVAILABLE: InitEvent = {
  type: "unchecked",
  problem: "Meta discloses nothing about this token without the app's credentials",
  fix: "run wa-hook init again when you have the app ID and the app secret",
};
