/** `wa-hook token`: is this token good, until when, and for what? */
import * as z from "zod";

import { CheckFailedError } from "../../errors.ts";
import { phoneFindings } from "../../graph/phone-finding.ts";
import { accountsOf, judgeToken, SCOPES, span } from "../../graph/token-findings.ts";
import { inspectToken, type Inspection, type TokenFacts } from "../../graph/token.ts";
import type { Finding } from "../../report/finding.ts";
import { defineCommand, duration, input, setting } from "../../terminal/command.ts";
import { masked, moment, pad, type Paint } from "../../terminal/paint.ts";
import { appOf, graphInputs, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { findingLines, isTold, reportInput, reportOf } from "../views/findings.ts";

const inputs = z.object({
  minTtl: input("--min-ttl <time>", "fail when it lives shorter than this, such as 7d", duration.optional()),
  require: input("--require <scope>", "fail without this permission (repeatable)", z.array(z.string()).default([])),
  report: reportInput,
  appId: setting("appId", "--app-id <id>", "the app that the token should be of"),
  businessAccountId: setting("businessAccountId", "", ""),
  phoneNumberId,
  ...graphInputs,
});

type Event =
  | { type: "token"; token: string; source: string; now: number; by?: Inspection["by"]; facts?: TokenFacts }
  | ({ type: "finding" } & Finding)
  | { type: "report"; text: string };

export const token = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook token", "everything that Meta tells about WHATSAPP_ACCESS_TOKEN"],
    ["wa-hook token --min-ttl 7d --quiet", "for cron: exit 1 when it lives less than a week"],
    ["wa-hook token --require business_management", "is this permission among its own?"],
    ["wa-hook token --report junit=token.xml", "for CI"],
  ],

  async *run(inputs, world) {
    const given = needToken(inputs);
    await using graph = openGraph(inputs, world);
    const { appId, businessAccountId, report } = inputs;
    const inspection = await inspectToken(graph, given.value, appOf(inputs));
    const now = inspection?.date ?? world.now();
    const head = { token: masked(given.value), source: `${given.name} in ${given.source}`, now };
    if (isTold(report)) {
      const how = inspection === undefined ? {} : { by: inspection.by, facts: inspection.facts };
      yield { type: "token", ...head, ...how };
    }
    const judged =
      inspection === undefined
        ? [CLOSED]
        : judgeToken(inspection, {
            scopes: [...new Set([...SCOPES, ...inputs.require])],
            now: world.now(),
            ...(inputs.minTtl === undefined ? {} : { minTtl: inputs.minTtl }),
            ...(appId === undefined ? {} : { appId: appId.value }),
            ...(businessAccountId === undefined ? {} : { businessAccountId: businessAccountId.value }),
          });
    // Of a dead token, or one of another app, the answer would say nothing new.
    const useful = judged.every(
      ({ code, status }) => status !== "fail" || !["token.valid", "token.app"].includes(code),
    );
    const findings = [...judged, ...(useful ? await phoneFindings(graph, inputs.phoneNumberId) : [])];
    if (isTold(report)) for (const finding of findings) yield { type: "finding", ...finding };
    const text = reportOf("wa-hook token", [{ name: "token", findings }], report, world);
    if (text !== undefined) yield { type: "report", text };
    const failed = findings.filter(({ status }) => status === "fail");
    if (failed.length > 0) throw refusal(failed);
  },

  print(event, paint, original) {
    if (original.type === "report") return original.text;
    switch (event.type) {
      case "token":
        return factLines(event, paint);
      case "finding":
        return findingLines(event, paint);
    }
  },
});

/** Nobody may ask: Meta tells of a token to its app, and to the token itself only in some cases. */
const CLOSED: Finding = {
  code: "token.inspect",
  status: "warn",
  title: "what does Meta tell of it?",
  expected: "its expiry and its permissions",
  got: "nothing: without the app's credentials, Meta tells only some tokens about themselves",
  fix: "set WHATSAPP_APP_ID and WHATSAPP_APP_SECRET (App settings → Basic)",
};

function refusal(failed: readonly Finding[]): CheckFailedError {
  const [first] = failed;
  const more = failed.length === 1 ? "" : ` (and ${failed.length - 1} more)`;
  return new CheckFailedError(`the token is not as it should be: ${first?.title} ${first?.got}${more}`, {
    code: first?.code ?? "token",
    ...(first?.fix === undefined ? {} : { hint: first.fix }),
  });
}

function factLines(event: Extract<Event, { type: "token" }>, paint: Paint): string[] {
  const { token: shown, source, now, by, facts } = event;
  const { type, appId, application, userId, profileId, scopes = [] }: Partial<TokenFacts> = facts ?? {};
  const app = [application ?? "", appId === undefined ? "" : `(${appId})`];
  const rows: [string, string | undefined][] = [
    ["Token", `${shown}  ${paint.quiet(source)}`],
    [
      "Type",
      type === undefined ? undefined : `${type}${by === "self" ? paint.quiet("  (asked with the token itself)") : ""}`,
    ],
    ["App", app.filter(Boolean).join(" ") || undefined],
    ["User", userId],
    ["Page", profileId],
    ["Issued", instant(facts?.issuedAt, now)],
    ["Expires", instant(facts?.expiresAt, now)],
    ["Data access", facts?.dataAccessExpiresAt ? instant(facts.dataAccessExpiresAt, now) : undefined],
    ["Permissions", scopes.length === 0 ? undefined : scopes.join(", ")],
    ["Accounts", accounts(facts)],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [`${pad(label, 13)}${value}`]));
}

/** The business accounts that the token is limited to. */
function accounts({ granted = [] }: Partial<TokenFacts> = {}): string | undefined {
  const held = accountsOf(granted);
  if (held.length > 0) return held.join(", ");
  return granted.some(({ scope }) => SCOPES.includes(scope)) ? "all of the business" : undefined;
}

function instant(seconds: number | undefined, now: number): string | undefined {
  if (seconds === undefined) return undefined;
  if (seconds === 0) return "never";
  const away = seconds - now / 1000;
  if (Math.abs(away) < 1) return `${moment(seconds * 1000)}  (just now)`;
  return `${moment(seconds * 1000)}  (${away > 0 ? `in ${span(away)}` : `${span(-away)} ago`})`;
}
