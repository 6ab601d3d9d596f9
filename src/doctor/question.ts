/** A question of the doctor's, and what the answers to earlier ones have shown. */
import type { CredentialsError, RejectedError } from "../errors.ts";
import { refusalWords } from "../graph/errors.ts";
import type { AppSubscription } from "../graph/subscriptions.ts";
import type { AppCredentials, Inspection } from "../graph/token.ts";
import type { Finding } from "../report/finding.ts";
import type { Patient, PatientSetting } from "./patient.ts";

export interface Question {
  /** Stable, for programs; what it finds begins with it or has a code of its own. */
  code: string;
  title: string;
  expected: string;
  /** Without these it is not asked. */
  needs: readonly PatientSetting[];
  /** What it means when Meta does not want to tell: a `fail`, or for what few apps may see a `skip`. */
  refused?: "skip";
  /** May add to what is known. A refusal of Meta's may be thrown. */
  ask(patient: Patient, known: Known): Promise<Finding[]>;
}

export interface Known {
  /** The settings that are missing or no good, and why. */
  without: Map<PatientSetting, string>;
  /** Meta's clock less this machine's, in milliseconds. */
  skew?: number;
  /** What Meta tells of the token, once it has been asked; `undefined` when it tells nothing. */
  inspection?: Inspection | undefined;
  /** As a person dials it. */
  number?: string;
  /** `LIVE`, or `SANDBOX` for Meta's test numbers. */
  accountMode?: string;
  subscription?: AppSubscription;
  /** The callback that can be tried. */
  callback?: string;
}

/** A finding of the question's own code. */
export function answer(
  { code, title, expected }: Question,
  status: Finding["status"],
  told: Pick<Finding, "got"> & Partial<Finding>,
): Finding {
  return { code, title, expected, status, ...told };
}

/** Why the question is not asked; nothing when it can be. */
export function lack(needs: readonly PatientSetting[], { without }: Known): string | undefined {
  return needs.map((need) => without.get(need)).find((reason) => reason !== undefined);
}

/** The app's credentials, when both are set and have not been refused. */
export function appOf({ settings: { appId, appSecret } }: Patient, known: Known): AppCredentials | undefined {
  if (appId === undefined || appSecret === undefined || lack(["appId", "appSecret"], known)) return undefined;
  return { appId: appId.value, appSecret: appSecret.value };
}

/** A refusal as a finding, with `.refused` behind the question's code. */
export function refusal(question: Question, error: RejectedError | CredentialsError, fix = error.hint): Finding {
  const got = refusalWords(error);
  const about = { code: `${question.code}.refused`, ...(fix === undefined ? {} : { fix }) };
  if (question.refused === "skip") return answer(question, "skip", { ...about, got: `Meta does not tell: ${got}` });
  return answer(question, "fail", { ...about, got });
}
