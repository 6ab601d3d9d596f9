/** Runs one step of `wa-hook init`: asks, checks, and repeats until the answers are accepted. */
import { isRefusal, UnavailableError, type WaHookError } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import type { Ask, Validate } from "../../terminal/ask.ts";
import { masked } from "../../terminal/paint.ts";
import { isFlag, settings, type SettingName } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import type { Answers } from "./answers.ts";
import type { Offer, Outcome, Progress, Prompt, Step, Values } from "./step.ts";
import type { InitEvent } from "./view.ts";

export interface Session {
  answers: Answers;
  world: World;
  /** Undefined without a terminal; then nothing is asked. */
  ask: Ask | undefined;
  /** Creates a client with the answers so far, and with the app secret only when the app is known to match. */
  openGraph(progress: Progress): Graph;
  /** False once a request has failed to reach Meta; then nothing more is checked. */
  isOnline: boolean;
}

type Running<Result> = AsyncGenerator<InitEvent, Result, void>;

export async function* runStep(step: Step, session: Session, progress: Progress): Running<Progress> {
  const { answers, ask } = session;
  const [first] = step.prompts;
  for (const { setting } of step.prompts) yield* existing(setting, answers);
  if (step.trustsExisting && isExisting(answers, first.setting)) return progress;
  if (step.offers !== undefined && answers.settled(first.setting) === undefined) {
    const done = yield* offer(step, session, progress);
    if (done !== undefined) return done;
  }
  for (;;) {
    const given = await askAll(step.prompts, session);
    if ("missing" in given) return { ...progress, missing: [...progress.missing, ...given.missing] };
    const outcome = yield* check(step, given.values, session, progress);
    if (outcome.ok) {
      yield* outcome.events;
      return { ...progress, ...outcome.progress };
    }
    const wrong = step.prompts.findLast(({ setting }) => setting in outcome.reopen) ?? first;
    yield* reject(session, wrong.setting, outcome.error);
    const insists = outcome.override !== undefined && (await ask?.confirm("Use it anyway?", false)) === true;
    if (insists) return { ...progress, ...outcome.override };
    for (const [name, how] of Object.entries(outcome.reopen)) answers.reopen(name as SettingName, how);
  }
}

/** Reports a setting that has a value already. */
export function* existing(setting: SettingName, answers: Answers): Generator<InitEvent, void, void> {
  const found = answers.settled(setting);
  if (!found?.value) return;
  const { name, source } = found;
  yield { type: "kept", setting, name, source, value: settings[setting].secret ? masked(found.value) : found.value };
}

function isExisting(answers: Answers, setting: SettingName): boolean {
  const found = answers.settled(setting);
  return found !== undefined && !isFlag(found);
}

/** Lets the person choose among what Meta lists; undefined when the value has to be typed. */
async function* offer(step: Step, session: Session, progress: Progress): Running<Progress | undefined> {
  const { answers, ask } = session;
  const [{ setting }] = step.prompts;
  if (step.offers === undefined || answers.get("accessToken") === undefined) return undefined;
  const { question, list } = step.offers;
  const valueOf = (name: SettingName) => answers.get(name)?.value ?? "";
  const listed = yield* queryMeta(session, progress, (graph) => list(graph, progress, valueOf));
  const offers = listed !== undefined && "value" in listed ? listed.value : [];
  const [first, second] = offers;
  if (first === undefined) return undefined;
  if (second !== undefined && ask === undefined) {
    return { ...progress, missing: [...progress.missing, { setting, offers }] };
  }
  const choices = offers.map((each) => ({ name: `${each.label}  (${each.id})`, value: each }));
  const other = { name: "another one, by its ID", value: undefined };
  const chosen = second === undefined ? first : await ask?.choose<Offer | undefined>(question, [...choices, other]);
  if (chosen === undefined) return undefined;
  answers.set(setting, chosen.id);
  yield { type: "selected", setting, ...chosen, only: second === undefined };
  return progress;
}

async function* check(step: Step, typed: Values, session: Session, progress: Progress): Running<Outcome> {
  const parsed = step.parse?.(typed) ?? { values: typed };
  if ("error" in parsed) return { ok: false, error: parsed.error, reopen: reopenAll(step) };
  const { values } = parsed;
  for (const [name, value] of Object.entries(values)) {
    if (value !== typed[name as SettingName]) session.answers.set(name as SettingName, value);
  }
  const canAsk = step.needsToken !== true || session.answers.get("accessToken") !== undefined;
  if (step.check === undefined || !canAsk) return { ok: true, events: [] };
  const context = { values, progress, now: session.world.now() };
  // Of the app, only credentials that have been checked may sign requests.
  const result = yield* queryMeta(session, progress, async (graph) => step.check?.(graph, context));
  if (result === undefined) return { ok: true, events: [], progress: step.unchecked?.(values) ?? {} };
  if ("refusal" in result) {
    return step.explain?.(result.refusal, values) ?? { ok: false, error: result.refusal, reopen: reopenAll(step) };
  }
  return result.value ?? { ok: true, events: [] };
}

function reopenAll({ prompts }: Step): Partial<Record<SettingName, "edit" | "replace">> {
  return Object.fromEntries(
    prompts.map(({ setting }) => [setting, settings[setting].secret ? "replace" : "edit"] as const),
  );
}

/** Meta's result or refusal; undefined when Meta cannot be reached. */
async function* queryMeta<Value>(
  session: Session,
  progress: Progress,
  query: (graph: Graph) => Promise<Value>,
): Running<{ value: Value } | { refusal: WaHookError } | undefined> {
  if (!session.isOnline) return undefined;
  await using graph = session.openGraph(progress);
  try {
    return { value: await query(graph) };
  } catch (error) {
    if (isRefusal(error)) return { refusal: error };
    if (!(error instanceof UnavailableError)) throw error;
    session.isOnline = false;
    yield { type: "unchecked", problem: error.message, ...(error.hint === undefined ? {} : { fix: error.hint }) };
    return undefined;
  }
}

/** Reports that an answer is wrong. Without a terminal nobody can correct it, so the error is thrown. */
function* reject(session: Session, setting: SettingName, error: WaHookError): Generator<InitEvent, void, void> {
  if (session.ask === undefined) throw error;
  const { message: problem, hint } = error;
  yield { type: "rejected", setting, problem, ...(hint === undefined ? {} : { fix: hint }) };
}

/** The values of all prompts. When one is left empty the step is skipped; without a terminal its setting is missing. */
async function askAll(
  prompts: readonly Prompt[],
  session: Session,
): Promise<{ values: Values } | { missing: Progress["missing"] }> {
  const values: Partial<Record<SettingName, string>> = {};
  const missing: { setting: SettingName; offers: Offer[] }[] = [];
  for (const prompt of prompts) {
    const value = await askOne(prompt, session);
    if (value) values[prompt.setting] = value;
    else if (session.ask === undefined && session.answers.settled(prompt.setting) === undefined) {
      missing.push({ setting: prompt.setting, offers: [] });
    }
  }
  return Object.keys(values).length === prompts.length ? { values } : { missing };
}

/** The existing value or the answer; undefined when it is left empty or there is no terminal. */
export async function askOne(
  { setting, text, validate, optional }: Prompt,
  { answers, ask }: Pick<Session, "answers" | "ask">,
): Promise<string | undefined> {
  const settled = answers.settled(setting);
  if (settled !== undefined) return settled.value;
  if (ask === undefined) return undefined;
  const current = answers.get(setting)?.value;
  const { secret } = settings[setting];
  const keeps = secret && current !== undefined;
  const mayBeEmpty = optional || keeps;
  const check: Validate = (typed) => (typed === "" && mayBeEmpty ? undefined : validate(typed));
  const whenEmpty = keeps ? `keep ${masked(current)}` : "skip";
  const question = mayBeEmpty ? `${text} (empty: ${whenEmpty}):` : `${text}:`;
  if (secret) {
    const typed = await ask.secret(question, { validate: check });
    if (typed === "") return current;
    answers.set(setting, typed);
    return typed;
  }
  const initial = current === undefined ? {} : { initial: current };
  const typed = await ask.text(question, { validate: check, ...initial });
  // Clearing an existing value removes it.
  if (typed !== "" || current !== undefined) answers.set(setting, typed);
  return typed === "" ? undefined : typed;
}
