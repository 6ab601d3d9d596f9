/** From the findings to the likely cause: which one explains the silence best. */
import type { Finding } from "../report/finding.ts";
import type { Known } from "./question.ts";

export interface Diagnosis {
  findings: readonly Finding[];
  /** The result in one sentence. */
  sentence: string;
  /** Why nothing arrives; missing when nothing failed. */
  cause?: string;
  /** One thing to do. */
  fix?: string;
}

interface Explanation {
  code: string;
  /** The finding's `reason` must be one of these; without them, any reason fits. */
  reasons?: readonly string[];
  /** With `{got}` and `{expected}` of the finding in it. */
  cause: string;
}

/** Of what failed, best first: what stops events for certain, on their way from Meta to the app; then what keeps from seeing more. */
const CAUSES: readonly Explanation[] = [
  {
    code: "phone.registered",
    cause: "nothing arrives because the number is not registered with the Cloud API ({got})",
  },
  {
    code: "account.subscribed",
    reasons: ["none"],
    cause: "nothing arrives because the app is not subscribed to the business account",
  },
  { code: "account.subscribed", cause: "nothing arrives because {got} gets the business account's webhooks" },
  {
    code: "app.subscription",
    reasons: ["none"],
    cause: "nothing arrives because the app has no subscription to WhatsApp",
  },
  { code: "app.subscription", cause: "nothing arrives because the app's subscription to WhatsApp is not active" },
  { code: "app.messages", cause: "nothing arrives because the app is not subscribed to the field messages" },
  { code: "callback.set", cause: "nothing arrives because no callback URL is set" },
  { code: "callback.ours", cause: "nothing arrives here because {got}, gets the messages" },
  { code: "callback.public", cause: "nothing arrives because Meta cannot call {got}" },
  { code: "callback.connect", cause: "nothing arrives because the callback cannot be reached: {got}" },
  {
    code: "callback.handshake",
    reasons: ["ERR_NGROK_3200"],
    cause: "nothing arrives because the tunnel that the callback leads to is offline",
  },
  {
    code: "callback.handshake",
    reasons: ["ERR_NGROK_6024"],
    cause: "nothing arrives because the tunnel shows a warning page instead of the app",
  },
  {
    code: "callback.handshake",
    reasons: ["401", "403"],
    cause: "nothing arrives because the app refuses the verify token of the settings ({got})",
  },
  { code: "callback.handshake", cause: "nothing arrives because the callback fails the handshake ({got})" },
  {
    code: "app.credentials.refused",
    cause: "nothing is accepted because the app id and the app secret do not belong together",
  },
  {
    code: "callback.delivery",
    reasons: ["401", "403"],
    cause: "nothing arrives because the app refuses what is signed with the app secret of the settings ({got})",
  },
  { code: "callback.delivery", cause: "nothing arrives because the app does not take deliveries ({got})" },
  {
    code: "token.app",
    cause: "events may go to another app, because the access token is of {got} and the settings name {expected}",
  },
  {
    code: "token.scope",
    reasons: ["whatsapp_business_messaging"],
    cause: "messages may not come, because the token lacks {expected}",
  },
  { code: "token.scope", cause: "Meta cannot be asked for all, because of the token's permissions: {got}" },
  {
    code: "token.waba",
    cause: "Meta cannot be asked about the business account {expected}, because the token may not use it",
  },
  { code: "token.valid", cause: "Meta cannot be asked for more, because the access token is refused" },
  { code: "token.expiry", cause: "Meta cannot be asked for more, because the access token has {got}" },
  { code: "phone.readable.refused", cause: "Meta does not show the phone number of the settings" },
  { code: "account.subscribed.refused", cause: "Meta does not show the business account of the settings" },
  {
    code: "settings.access-token",
    reasons: ["missing"],
    cause: "Meta cannot be asked, because no access token is set",
  },
  { code: "settings.access-token", cause: "Meta cannot be asked, because the access token is garbled" },
];

/** Of what only warns, best first. */
const SUSPICIONS: readonly Explanation[] = [
  { code: "account.subscribed", cause: "nothing that was asked stops events, if the app is {got}" },
  { code: "history", cause: "nothing that was asked stops events now, but Meta's newest delivery failed" },
  { code: "app.mode", cause: "nothing that was asked stops events, but the app may be in development mode" },
  { code: "clock", cause: "nothing that was asked stops events, but this machine's clock is {got}" },
];

export function conclude(findings: readonly Finding[], known: Known): Diagnosis {
  const failing = findings.filter(({ status }) => status === "fail");
  const failed = explain(failing, CAUSES) ?? failing[0];
  if (failed !== undefined) {
    const { fix } = failed;
    const cause = "cause" in failed ? failed.cause : `${failed.title} ${failed.got}`;
    return { findings, sentence: withFix(cause, fix), cause, ...(fix === undefined ? {} : { fix }) };
  }
  const warning = findings.filter(({ status }) => status === "warn");
  const suspicion = explain(warning, SUSPICIONS);
  if (suspicion !== undefined) {
    const { cause, fix } = suspicion;
    return { findings, sentence: withFix(cause, fix), ...(fix === undefined ? {} : { fix }) };
  }
  return { findings, sentence: healthy(known, warning.length > 0) };
}

/** The best explanation that one of the findings gives. */
function explain(
  findings: readonly Finding[],
  explanations: readonly Explanation[],
): { cause: string; fix?: string } | undefined {
  for (const { code, reasons, cause } of explanations) {
    const fits = (each: Finding) =>
      each.code === code && (reasons === undefined || reasons.includes(each.reason ?? ""));
    const finding = findings.find(fits);
    if (finding === undefined) continue;
    const told = cause.replace(/\{(got|expected)\}/g, (_, key: "got" | "expected") => finding[key]);
    return { cause: told, ...(finding.fix === undefined ? {} : { fix: finding.fix }) };
  }
  return undefined;
}

function withFix(cause: string, fix: string | undefined): string {
  return fix === undefined ? cause : `${cause}: ${fix}`;
}

function healthy({ without, number, callback }: Known, warned: boolean): string {
  if (without.size > 0) {
    return `nothing wrong was found, but not everything could be asked: ${[...without.values()].join(", ")}`;
  }
  const start = warned ? "nothing that was asked stops events" : "everything looks right";
  return `${start}: what is written to ${number ?? "the number"} should arrive at ${callback ?? "the callback"}`;
}
