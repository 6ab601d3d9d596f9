/** A step of `wa-hook init` as data: which settings it asks for, how, and how the answers are checked. */
import type { WaHookError } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import type { AppCredentials } from "../../graph/token.ts";
import type { Validate } from "../../terminal/ask.ts";
import type { SettingName } from "../../terminal/settings.ts";
import type { InitEvent } from "./view.ts";

/** How one setting is asked for. */
export interface Prompt {
  setting: SettingName;
  text: string;
  /** An empty answer is accepted. */
  optional: boolean;
  validate: Validate;
}

/** Something that Meta lists to choose from. */
export interface Offer {
  id: string;
  /** Its name; empty when Meta does not disclose one. */
  label: string;
}

export type Values = Readonly<Partial<Record<SettingName, string>>>;

/** What the steps so far have established. */
export interface Progress {
  /** Credentials that match, or that could not be checked. */
  app?: AppCredentials | undefined;
  /** The WABAs that the token is limited to. */
  wabas: readonly string[];
  /** The token is a temporary one of the dashboard. */
  temporary: boolean;
  /** Settings that could not be asked for, because there is no terminal. */
  missing: readonly { setting: SettingName; offers: readonly Offer[] }[];
}

/** What a check may use: the answers, what is established, and the time. */
interface CheckContext {
  values: Values;
  progress: Progress;
  now: number;
}

/** The result of a check. */
export type Outcome =
  | { ok: true; events: readonly InitEvent[]; progress?: Partial<Progress> }
  | {
      ok: false;
      error: WaHookError;
      /** What is asked again: to be edited, or from scratch. */
      reopen: Readonly<Partial<Record<SettingName, "edit" | "replace">>>;
      /** The progress if the person insists on the answer; without it, the answer is refused. */
      override?: Partial<Progress>;
    };

export interface Step {
  /** Asked in this order. An empty answer ends the step. */
  prompts: readonly [Prompt, ...Prompt[]];
  /** An existing value of the env file or the environment is accepted without a check. */
  trustsExisting?: true;
  /** Offers that replace the first prompt; `list` is called once a token is set. */
  offers?: {
    question: string;
    list(graph: Graph, progress: Progress, values: (name: SettingName) => string): Promise<Offer[]>;
  };
  /** Checks the answers without Meta: the values in the form in which they are saved, or what is wrong. */
  parse?(values: Values): { values: Values } | { error: WaHookError };
  /** Checks the answers with Meta. May throw Meta's refusal, which `explain` turns into an outcome. */
  check?(graph: Graph, context: CheckContext): Promise<Outcome>;
  explain?(refusal: WaHookError, values: Values): Outcome;
  /** What is established when Meta cannot be reached. */
  unchecked?(values: Values): Partial<Progress>;
  /** Meta can be asked only with a token. */
  needsToken?: true;
}
