/** Has Meta locked or limited the phone number, the WABA, the business or the app? */
import { isRefusal } from "../../errors.ts";
import { graphMessageOf, metaOf } from "../../graph/errors.ts";
import { type HealthEntity, type HealthProblem, LOCKED, readHealth } from "../../graph/health.ts";
import type { Finding } from "../../report/finding.ts";
import { finding, whyUnusable, type Question } from "../question.ts";

const SUPPORT = "open Business Support Home (business.facebook.com/business-support-home) and request a review";

export const accountHealth: Question = {
  code: "account.health",
  title: "Account health",
  expected: "AVAILABLE",
  needs: ["accessToken"],
  refused: "skip",
  async ask({ graph, settings }, facts) {
    const known = (["phoneNumberId", "businessAccountId"] as const).find(
      (name) => settings[name] !== undefined && whyUnusable([name], facts) === undefined,
    );
    const id = known === undefined ? undefined : settings[known]?.value;
    if (id === undefined) return [finding(accountHealth, "skip", { got: "not checked: no phone number and no WABA" })];
    try {
      return judge(await readHealth(graph, id));
    } catch (error) {
      if (!isRefusal(error) || metaOf(error)?.code !== LOCKED) throw error;
      return [locked(graphMessageOf(error), error.hint)];
    }
  },
};

function judge(entities: readonly HealthEntity[]): Finding[] {
  const unhealthy = entities.filter(({ canSend, problems }) => canSend !== "AVAILABLE" || problems.some(isError));
  if (entities.length === 0) return [finding(accountHealth, "skip", { got: "not disclosed by Meta" })];
  if (unhealthy.length > 0) return unhealthy.map(entityFinding);
  return [
    finding(accountHealth, "pass", { got: `AVAILABLE (${entities.map(({ type }) => nameOf(type)).join(", ")})` }),
  ];
}

function entityFinding({ type, id, canSend, problems }: HealthEntity): Finding {
  const texts = problems.map(({ code, description }) =>
    code === undefined ? description : `(#${code}) ${description}`,
  );
  const got = `${nameOf(type)} ${id} ${canSend}${texts.length === 0 ? "" : `: ${texts.join(" ")}`}`;
  const fix = problems.find(({ solution }) => solution !== undefined)?.solution ?? SUPPORT;
  if (problems.some(({ code }) => code === LOCKED)) return locked(got, fix);
  return finding(accountHealth, canSend === "BLOCKED" ? "fail" : "warn", { got, fix });
}

function locked(got: string, fix = SUPPORT): Finding {
  return finding(accountHealth, "fail", { got, reason: "locked", fix });
}

const isError = ({ code }: HealthProblem): boolean => code !== undefined;

const NAMES: Readonly<Record<string, string>> = {
  PHONE_NUMBER: "phone number",
  WABA: "WABA",
  BUSINESS: "business",
  APP: "app",
};

const nameOf = (type: string): string => NAMES[type] ?? type;
