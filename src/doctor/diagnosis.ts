/** Determines the likely cause of missing webhooks from codes and reasons of the findings. */
import type { Finding } from "../report/finding.ts";
import type { Facts } from "./question.ts";

export interface Diagnosis {
  findings: readonly Finding[];
  /** The result in one sentence. */
  summary: string;
  /** Why no webhooks arrive; missing when no check failed. */
  cause?: string;
  /** One thing to do. */
  fix?: string;
}

interface Explanation {
  code: string;
  /** The reason that the finding must have; without one, any finding with the code is explained. */
  reason?: string;
  cause(finding: Finding): string;
}

/** Explains a code, and with a reason only the findings that have it. */
function because(key: string, cause: string | ((finding: Finding) => string)): Explanation {
  const [code = "", reason] = key.split(" ");
  const explain = typeof cause === "string" ? () => cause : cause;
  return { code, ...(reason === undefined ? {} : { reason }), cause: explain };
}

const NONE = "no webhooks arrive because";
/** The dashboard's test goes to the app's callback, whatever is subscribed. */
const TEST_ONLY = " (the dashboard's test webhook still arrives)";
const LIMITED = "the diagnosis is incomplete because";

/** Explanations of failures, most certain first: those that stop delivery, in delivery order, then those that limit the diagnosis. */
const CAUSES: readonly Explanation[] = [
  because("account.health locked", ({ got }) => `${NONE} Meta has locked the account (${got})`),
  because("phone.registered", ({ got }) => `${NONE} the phone number is not registered with the Cloud API (${got})`),
  because("account.subscribed none", `${NONE} the app is not subscribed to the WABA${TEST_ONLY}`),
  because(
    "account.subscribed",
    ({ got }) => `${NONE} another app is subscribed to the WABA instead: ${got}${TEST_ONLY}`,
  ),
  because("app.subscription none", `${NONE} the app has no webhook subscription for WhatsApp`),
  because("app.subscription", `${NONE} the app's webhook subscription for WhatsApp is inactive`),
  because("app.messages", `${NONE} the app is not subscribed to the messages field`),
  because("callback.set", `${NONE} no callback URL is set`),
  because("callback.ours", ({ got }) => `no webhooks arrive here because they are sent to the ${got}`),
  because("callback.public", ({ got }) => `${NONE} Meta cannot reach ${got}`),
  because("callback.connect", ({ got }) => `${NONE} the callback cannot be reached: ${got}`),
  because("callback.handshake tunnel-offline", `${NONE} the callback leads to a tunnel that is offline`),
  because("callback.handshake tunnel-warning", `${NONE} the tunnel responds with a warning page instead of the app`),
  because("callback.handshake app-down", ({ got }) => `${NONE} ${got}`),
  ...["callback.handshake", "callback.delivery"].flatMap((code) =>
    ["challenge", "blocked", "login"].map((reason) =>
      because(`${code} ${reason}`, ({ got }) => `webhooks may not arrive because ${got}`),
    ),
  ),
  because("callback.handshake rejected", ({ got }) => `${NONE} the app rejects the configured verify token (${got})`),
  because("callback.handshake", ({ got }) => `${NONE} the callback fails the handshake (${got})`),
  because("app.credentials.refused", "Meta rejects all requests because the app ID and the app secret do not match"),
  because(
    "callback.delivery rejected",
    ({ got }) => `${NONE} the app rejects deliveries signed with the configured app secret (${got})`,
  ),
  because("callback.delivery", ({ got }) => `${NONE} the app does not accept deliveries (${got})`),
  because(
    "account.number-mismatch",
    ({ expected }) => `webhooks may not arrive because the phone number ${expected} belongs to another WABA`,
  ),
  because("account.health", ({ got }) => `messages cannot be sent: ${got}`),
  because(
    "token.app",
    ({ expected, got }) => `webhooks may go to another app: the access token belongs to ${got}, not to ${expected}`,
  ),
  because(
    "token.scope missing-messaging",
    ({ expected }) => `messages may not arrive because the token lacks ${expected}`,
  ),
  because("token.scope", ({ got }) => `${LIMITED} of the token's permissions: ${got}`),
  because("token.waba", ({ expected }) => `${LIMITED} the token has no access to the WABA ${expected}`),
  because("token.valid", `${LIMITED} Meta rejects the access token`),
  because("token.expiry", `${LIMITED} the access token has expired`),
  because("phone.readable.refused", `${LIMITED} Meta denies access to the configured phone number`),
  because("account.subscribed.refused", `${LIMITED} Meta denies access to the configured WABA`),
  because("settings.access-token missing", `${LIMITED} no access token is set`),
  because("settings.access-token", `${LIMITED} the access token is malformed`),
];

const HEALTHY = "no check failed";

/** Explanations of warnings, most likely first. */
const SUSPICIONS: readonly Explanation[] = [
  because("account.subscribed", ({ got }) => `${HEALTHY}, but it is unknown whether a subscribed app is yours: ${got}`),
  because(
    "account.number",
    ({ title, got }) => `${HEALTHY} for the configured number, but another one needs attention (${title}: ${got})`,
  ),
  because("account.other", ({ got }) => `${HEALTHY} for this WABA, but the token has another one (${got})`),
  because("account.health", ({ got }) => `${HEALTHY}, but Meta limits what is sent (${got})`),
  because("history", `${HEALTHY}, but Meta's last delivery failed`),
  because("app.mode", `${HEALTHY}, but the app may be in development mode`),
  because("clock", ({ got }) => `${HEALTHY}, but this machine's clock is ${got}`),
];

export function conclude(findings: readonly Finding[], facts: Facts): Diagnosis {
  const failures = findings.filter(({ status }) => status === "fail");
  const [first] = failures;
  if (first !== undefined) {
    const { cause, fix } = explain(failures, CAUSES) ?? { ...first, cause: `${first.title}: ${first.got}` };
    return { findings, summary: withFix(cause, fix), cause, ...(fix === undefined ? {} : { fix }) };
  }
  const warnings = findings.filter(({ status }) => status === "warn");
  const suspicion = explain(warnings, SUSPICIONS);
  if (suspicion !== undefined) {
    const { cause, fix } = suspicion;
    return { findings, summary: withFix(cause, fix), ...(fix === undefined ? {} : { fix }) };
  }
  return { findings, summary: healthy(facts, warnings.length > 0) };
}

/** The first explanation that matches a finding. */
function explain(
  findings: readonly Finding[],
  explanations: readonly Explanation[],
): { cause: string; fix: string | undefined } | undefined {
  for (const { code, reason, cause } of explanations) {
    const match = findings.find((each) => each.code === code && (reason === undefined || each.reason === reason));
    if (match !== undefined) return { cause: cause(match), fix: match.fix };
  }
  return undefined;
}

function withFix(cause: string, fix: string | undefined): string {
  return fix === undefined ? cause : `${cause}: ${fix}`;
}

function healthy({ unusable, number, callback }: Facts, warned: boolean): string {
  if (unusable.size > 0) return `${HEALTHY}, but some were skipped: ${[...unusable.values()].join(", ")}`;
  const start = warned ? HEALTHY : "all checks passed";
  return `${start}: messages to ${number ?? "the phone number"} should arrive at ${callback ?? "the callback"}`;
}
