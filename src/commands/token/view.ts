/** Renders the events of `wa-hook token`. */
import { span } from "../../graph/token-findings.ts";
import { listedScopes, SCOPES, wabasIn } from "../../graph/token-permissions.ts";
import type { Inspection, TokenFacts } from "../../graph/token.ts";
import type { Finding } from "../../report/finding.ts";
import type { Printed } from "../../terminal/command.ts";
import { moment, pad, type Paint } from "../../terminal/paint.ts";
import { printFinding } from "../views/findings.ts";
import { printReported, type ReportEvent } from "../views/report.ts";

export type TokenEvent =
  /** The token (masked), its source, and what Meta discloses about it. */
  | { type: "token"; token: string; source: string; now: number; by?: Inspection["by"]; facts?: TokenFacts }
  | ({ type: "finding" } & Finding)
  | ReportEvent;

export function tokenLines(event: TokenEvent, paint: Paint, original: TokenEvent): Printed | undefined {
  switch (event.type) {
    case "report":
    case "changes":
      return printReported(event, original as ReportEvent, paint);
    case "token":
      return { detail: factLines(event, paint) };
    case "finding":
      return printFinding(event, paint);
  }
}

const LABEL_COLUMNS = 13;

function factLines(event: Extract<TokenEvent, { type: "token" }>, paint: Paint): string[] {
  const { token, source, now, by, facts } = event;
  const { type, appId, application, userId, profileId }: Partial<TokenFacts> = facts ?? {};
  const scopes = facts === undefined ? [] : listedScopes(facts);
  const app = [application ?? "", appId === undefined ? "" : `(${appId})`];
  const self = by === "self" ? paint.quiet("  (inspected with the token itself)") : "";
  const rows: [string, string | undefined][] = [
    ["Token", `${token}  ${paint.quiet(source)}`],
    ["Type", type === undefined ? undefined : `${type}${self}`],
    ["App", app.filter(Boolean).join(" ") || undefined],
    ["User", userId],
    ["Page", profileId],
    ["Issued", instant(facts?.issuedAt, now)],
    ["Expires", instant(facts?.expiresAt, now)],
    ["Data access", facts?.dataAccessExpiresAt ? instant(facts.dataAccessExpiresAt, now) : undefined],
    ["Permissions", scopes.length === 0 ? undefined : scopes.join(", ")],
    ["WABAs", wabas(facts)],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [`${pad(label, LABEL_COLUMNS)}${value}`]));
}

/** The WABAs that the token has access to. */
function wabas({ granted = [] }: Partial<TokenFacts> = {}): string | undefined {
  const limited = wabasIn(granted);
  if (limited.length > 0) return limited.join(", ");
  return granted.some(({ scope }) => SCOPES.includes(scope)) ? "all of the business" : undefined;
}

function instant(seconds: number | undefined, now: number): string | undefined {
  if (seconds === undefined) return undefined;
  if (seconds === 0) return "never";
  const difference = seconds - now / 1000;
  if (Math.abs(difference) < 1) return `${moment(seconds * 1000)}  (just now)`;
  return `${moment(seconds * 1000)}  (${difference > 0 ? `in ${span(difference)}` : `${span(-difference)} ago`})`;
}
