/** What the steps of `wa-hook init` share: the answers so far, the person, and Meta. */
import { isRefusal, UnavailableError, type WaHookError } from "../../errors.ts";
import type { Asset } from "../../graph/assets.ts";
import type { Graph } from "../../graph/client.ts";
import type { AppCredentials } from "../../graph/token.ts";
import type { Ask, Validate } from "../../terminal/ask.ts";
import type { SourcedValue } from "../../terminal/command.ts";
import { masked } from "../../terminal/paint.ts";
import { settings, type SettingName } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import type { Answers } from "./answers.ts";
import type { InitEvent } from "./view.ts";

export interface Wizard {
  answers: Answers;
  world: World;
  /** Nothing without a terminal; then nothing is asked. */
  ask: Ask | undefined;
  /** With what is known by now. */
  openGraph(): Graph;
  /** Nobody answers at Meta's address, so nothing can be checked. */
  offline: boolean;
  /** As Meta knows it, or as it was given when Meta could not be asked. */
  app?: AppCredentials;
  /** The business accounts that the token is limited to. */
  accounts: string[];
  /** The token is one of the dashboard's. */
  temporary: boolean;
  /** What could not be asked for. */
  missing: { setting: SettingName; offers: Asset[] }[];
}

/** A part of the conversation. */
export type Step<Result = void> = AsyncGenerator<InitEvent, Result, void>;

/** What Meta said, or nothing when it could not be asked. */
export type Said<Value> = { value: Value } | { refusal: WaHookError } | undefined;

export async function* tryMeta<Value>(wizard: Wizard, ask: (graph: Graph) => Promise<Value>): Step<Said<Value>> {
  if (wizard.offline) return undefined;
  await using graph = wizard.openGraph();
  try {
    return { value: await ask(graph) };
  } catch (error) {
    if (isRefusal(error)) return { refusal: error };
    if (!(error instanceof UnavailableError)) throw error;
    wizard.offline = true;
    yield { type: "unchecked", problem: error.message, ...(error.hint === undefined ? {} : { fix: error.hint }) };
    return undefined;
  }
}

/** What is known and need not be asked, told as such. */
export function* kept(
  setting: SettingName,
  found: SourcedValue | undefined,
  label = "",
): Generator<InitEvent, void, void> {
  if (!found?.value) return;
  const { name, source } = found;
  const value = settings[setting].secret ? masked(found.value) : found.value;
  yield { type: "kept", setting, name, source, value, ...(label === "" ? {} : { label }) };
}

/** Says that it is no good. Without a person who could give another one, that is the end. */
export function* refuse(wizard: Wizard, setting: SettingName, error: WaHookError): Generator<InitEvent, void, void> {
  if (wizard.ask === undefined) throw error;
  const { message: problem, hint } = error;
  yield { type: "refused", setting, problem, ...(hint === undefined ? {} : { fix: hint }) };
}

export interface Question {
  text: string;
  validate: Validate;
  /** It may be left empty. */
  optional: boolean;
}

/** The value that holds, or the answer; nothing when it was left empty or nobody could be asked. */
export async function answerTo(
  wizard: Wizard,
  setting: SettingName,
  { text, validate, optional }: Question,
): Promise<string | undefined> {
  const { answers, ask } = wizard;
  const settled = answers.settled(setting);
  if (settled !== undefined) return settled.value;
  if (ask === undefined) {
    wizard.missing.push({ setting, offers: [] });
    return undefined;
  }
  const held = answers.get(setting)?.value;
  const { secret } = settings[setting];
  const mayBeEmpty = optional || (secret && held !== undefined);
  const check: Validate = (typed) => (typed === "" && mayBeEmpty ? undefined : validate(typed));
  const asked = mayBeEmpty
    ? `${text} (empty: ${secret && held !== undefined ? `keep ${masked(held)}` : "none"})`
    : text;
  if (secret) {
    const typed = await ask.secret(`${asked}:`, { validate: check });
    if (typed === "") return held;
    answers.take(setting, typed);
    return typed;
  }
  const typed = await ask.text(`${asked}:`, { validate: check, ...(held === undefined ? {} : { initial: held }) });
  // What was there and is not wanted any more is emptied.
  if (typed !== "" || held !== undefined) answers.take(setting, typed);
  return typed === "" ? undefined : typed;
}
