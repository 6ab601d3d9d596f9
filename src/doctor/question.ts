/** One question of the diagnosis, and the facts that earlier questions have established. */
import type { CredentialsError, RejectedError } from "../errors.ts";
import { graphMessageOf } from "../graph/errors.ts";
import type { AppSubscription, SubscribedApp } from "../graph/subscriptions.ts";
import type { AppCredentials, Inspection } from "../graph/token.ts";
import type { Finding } from "../report/finding.ts";
import type { Context, ContextSetting } from "./context.ts";

export interface Question {
  /** Stable, for programs. The code of each finding is this one, starts with it, or is specific to the finding. */
  code: string;
  title: string;
  expected: string;
  /** Settings without which the question is skipped. */
  needs: readonly ContextSetting[];
  /** The status when Meta refuses the request: a `fail`, or a `skip` where only few apps have permission. */
  refused?: "skip";
  /** May add to the facts. May throw Meta's refusal. */
  ask(context: Context, facts: Facts): Promise<Finding[]>;
}

export interface Facts {
  /** Settings that are missing or invalid, each with the reason. */
  unusable: Map<ContextSetting, string>;
  /** Meta's clock minus this machine's clock, in milliseconds. */
  skew?: number;
  /** The result of inspecting the token; `undefined` when Meta did not disclose anything. */
  inspection?: Inspection | undefined;
  /** The phone number as it is dialed. */
  number?: string;
  /** `LIVE`, or `SANDBOX` for Meta's test numbers. */
  accountMode?: string;
  subscription?: AppSubscription;
  /** A callback that can be tested. */
  callback?: string;
}

/** A finding with the question's own code, title and expectation, unless `rest` has others. */
export function finding(
  { code, title, expected }: Question,
  status: Finding["status"],
  rest: Pick<Finding, "got"> & Partial<Finding>,
): Finding {
  return { code, title, expected, status, ...rest };
}

/** Why the settings cannot be used; undefined when they can. */
export function whyUnusable(needs: readonly ContextSetting[], { unusable }: Facts): string | undefined {
  return needs.map((need) => unusable.get(need)).find((reason) => reason !== undefined);
}

/** The app's credentials, when both are set and have not been refused. */
export function appOf({ settings: { appId, appSecret } }: Context, facts: Facts): AppCredentials | undefined {
  if (appId === undefined || appSecret === undefined || whyUnusable(["appId", "appSecret"], facts)) return undefined;
  return { appId: appId.value, appSecret: appSecret.value };
}

/** `Bookings (896369251542941)` */
export function nameOfApp({ id, name }: SubscribedApp): string {
  return name === undefined ? id : `${name} (${id})`;
}

/** Meta's refusal as a finding, whose code is the question's with `.refused` appended. */
export function refusedFinding(
  question: Question,
  error: RejectedError | CredentialsError,
  fix: string | undefined = error.hint,
): Finding {
  const got = graphMessageOf(error);
  const rest = { code: `${question.code}.refused`, ...(fix === undefined ? {} : { fix }) };
  if (question.refused === "skip") return finding(question, "skip", { ...rest, got: `not available: ${got}` });
  return finding(question, "fail", { ...rest, got });
}
