/** Where do the messages of each number of the WABA go? A test number can work while a real one is silent. */
import { CALLBACK_NAMES } from "../../graph/callback-names.ts";
import { MAX_NUMBERS, registrationOf } from "../../graph/phone-number.ts";
import { readNumberCallbacks, winner, type NumberCallbacks } from "../../graph/subscriptions.ts";
import type { Finding } from "../../report/finding.ts";
import { envName } from "../../setting-names.ts";
import type { Context } from "../context.ts";
import { finding, whyUnusable, type Facts, type Question } from "../question.ts";

/** The most numbers of which each gets a line. */
const MAX_LINES = 20;
const MAX_NAMED = 5;

export const numbers: Question = {
  code: "account.numbers",
  title: "Numbers of the WABA",
  expected: "a callback for each",
  needs: ["accessToken", "businessAccountId"],
  refused: "skip",
  async ask(context, facts) {
    const all = await readNumberCallbacks(context.graph, context.settings.businessAccountId?.value ?? "");
    const id = context.settings.phoneNumberId?.value;
    const own = all.find(({ number }) => number.id === id);
    const others = all.filter((each) => each !== own);
    // Meta can leave out what the token may not see.
    if (all.length === 0) return [finding(numbers, "skip", { got: "none listed by Meta" })];
    const isElsewhere = own === undefined && all.length < MAX_NUMBERS && isUsable(context, facts);
    const lines = others.slice(0, MAX_LINES).map((each) => judge(each, own));
    const rest = others.length - lines.length;
    return [
      ...(isElsewhere ? [mismatch(id ?? "", all)] : []),
      ...(others.length === 0 && !isElsewhere ? [finding(numbers, "pass", { got: `only ${labelOf(own)}` })] : []),
      ...lines,
      ...(rest > 0
        ? [finding(numbers, "skip", { got: `${rest} more; wa-hook webhook status shows one at a time` })]
        : []),
    ];
  },
};

function isUsable({ settings }: Context, facts: Facts): boolean {
  return settings.phoneNumberId !== undefined && whyUnusable(["phoneNumberId"], facts) === undefined;
}

function mismatch(id: string, all: readonly NumberCallbacks[]): Finding {
  const ids = all.slice(0, MAX_NAMED).map(({ number }) => number.id);
  const more = all.length > MAX_NAMED ? ` and ${all.length - MAX_NAMED} more` : "";
  return {
    code: "account.number-mismatch",
    status: "fail",
    title: "Number of the WABA",
    expected: `${id} (${envName("phoneNumberId")})`,
    got: `the WABA has ${ids.join(", ")}${more}`,
    fix: `set ${envName("businessAccountId")} and ${envName("phoneNumberId")} to a WABA and one of its numbers`,
  };
}

function labelOf(entry: NumberCallbacks | undefined): string {
  return entry === undefined ? "none" : (entry.number.displayNumber ?? entry.number.id);
}

/** Compares another number with the configured one, whose callback has questions of its own. */
function judge(entry: NumberCallbacks, own: NumberCallbacks | undefined): Finding {
  const { number, callbacks } = entry;
  const level = winner(callbacks);
  const [url, ownUrl] = [urlOf(entry), urlOf(own)];
  const base = {
    code: "account.number",
    title: `Number ${labelOf(entry)}`,
    expected: "registered, with a callback",
  };
  const test = number.accountMode === "SANDBOX" ? " (test number)" : "";
  if (number.status !== undefined && registrationOf(number) === "unregistered") {
    const got = `${[number.status, number.platform].filter(Boolean).join(", ")}: not registered with the Cloud API${test}`;
    const fix =
      "register it if it should receive: POST /{phone-number-id}/register with messaging_product and a 6-digit pin";
    return { ...base, status: "warn", got, reason: "unregistered", fix };
  }
  if (level === undefined) {
    const fix = `run wa-hook webhook set ${ownUrl ?? "<https url>"} --level waba, which covers every number of the WABA`;
    return {
      ...base,
      status: "warn",
      got: `no callback, so nothing receives its messages${test}`,
      reason: "unwired",
      fix,
    };
  }
  const got = `${CALLBACK_NAMES[level]} ${url}${test}`;
  const isProduction = own?.number.accountMode === "SANDBOX" && number.accountMode === "LIVE";
  if (!isProduction || ownUrl === undefined || url === ownUrl) return { ...base, status: "pass", got };
  const fix = `right if production is elsewhere; otherwise run wa-hook webhook set ${ownUrl} --level waba`;
  return { ...base, status: "warn", got, reason: "elsewhere", expected: ownUrl, fix };
}

function urlOf(entry: NumberCallbacks | undefined): string | undefined {
  const level = entry === undefined ? undefined : winner(entry.callbacks);
  return level === undefined ? undefined : entry?.callbacks[level];
}
