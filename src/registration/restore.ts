/** Restores the original callback unless someone else changed it. An entry stays in the record until a read confirms the result. */
import { RejectedError, WaHookError } from "../errors.ts";
import { callbackOf, type Context } from "./context.ts";
import { type Entry, hasSet, keyOf, type Snapshot } from "./entry.ts";
import type { RegistrationEvent } from "./event.ts";
import { eventOf, notRestored, type Outcome } from "./outcome.ts";
import { converge, isPassing, PACE } from "./retry.ts";
import { removeFields, setCallback, setFields, takeSnapshot, unsubscribe } from "./target.ts";

export interface Restoring {
  signal: AbortSignal;
  /** The entry was left by an earlier run. */
  recovered?: true;
  /** Also restore changes that someone else could have made: nobody else had time to, or a person asked for it. */
  sure?: boolean;
  /** Report only failures. */
  quiet?: true;
}

/** Yields one event: restored, not restored, or replaced by someone else. */
export async function* restoreEntry(
  context: Context,
  id: string,
  restoring: Restoring,
): AsyncGenerator<RegistrationEvent, void, void> {
  const entry = context.journal.entries.find((each) => each.id === id);
  if (entry === undefined) return;
  const { level, before } = entry;
  try {
    // Before the first read: from here on, no other listener restores the callback of this one.
    const restoration = new Restoration(context, context.journal.put({ ...entry, ending: true }), restoring);
    const { pace = PACE } = context;
    const { signal } = restoring;
    const outcome = await converge(() => restoration.step(), { signal, pace });
    const event = eventOf(outcome, entry, restoring.recovered === true);
    if (event.type !== "restored" || restoring.quiet !== true) yield event;
  } catch (error) {
    if (!(error instanceof WaHookError)) throw error;
    yield notRestored(level, error.message, before.url);
  }
}

/** Drops the original callback: removes an override of this listener and deletes the entry. */
export async function forgetEntry({ target, journal }: Context, entry: Entry): Promise<RegistrationEvent> {
  const { level, before } = entry;
  const now = await takeSnapshot(target);
  // An app without a callback would receive nothing.
  const removed = level !== "app" && hasSet(entry, now.url);
  if (removed) await setCallback(target, undefined, []);
  journal.remove(entry);
  return {
    type: "forgotten",
    level,
    ...(before.url === undefined ? {} : { url: before.url }),
    ...(removed ? { removed } : {}),
  };
}

class Restoration {
  readonly #context: Context;
  readonly #restoring: Restoring;
  #entry: Entry;
  /** Whether this run restored the callback. */
  #acted = false;
  #replacedIsGone = false;
  #unsubscribed = false;
  /** The fields that the app's subscription must have. */
  #fields: NonNullable<Snapshot["fields"]>;
  readonly #triedVersions = new Set<string>();
  /** Meta replaces the fields instead of adding to them, so versions cannot be set one by one. */
  #keepsVersions = false;
  #changes = 0;

  constructor(context: Context, entry: Entry, restoring: Restoring) {
    this.#context = context;
    this.#restoring = restoring;
    this.#entry = entry;
    this.#fields = entry.goal ?? entry.before.fields ?? [];
  }

  async step(): Promise<Outcome | undefined> {
    const { target } = this.#context;
    const { before, over } = this.#entry;
    const now = await takeSnapshot(target);
    if (this.#changes >= MAX_CHANGES) throw stuck(now);
    // The original URL can be the same as ours; then there is nothing to set.
    if (now.url === before.url) return this.#trim(now);
    if (now.url !== undefined && now.url === over) {
      return (await this.#isAlive(over)) ? this.#handBack(now, over) : this.#restoreCallback(now);
    }
    if (this.#isOurs(now)) return this.#restoreCallback(now);
    const successor = this.#successorOf(now);
    if (successor !== undefined) return this.#done({ was: "handed-over", to: successor });
    return { was: "superseded", url: now.url };
  }

  /** A later entry of this folder may have registered the same URL again. */
  #isOurs({ url }: Snapshot): boolean {
    const claims = (each: Entry) => keyOf(each) === keyOf(this.#entry) && hasSet(each, url);
    return this.#context.journal.entries.findLast(claims)?.id === this.#entry.id;
  }

  /** Another listener of this user replaced ours and will restore the same callback. */
  #successorOf({ url }: Snapshot): string | undefined {
    const { journal } = this.#context;
    const { before: original } = this.#entry;
    const restoresSame = ({ before }: Entry) =>
      before.url === original.url && before.subscribed === original.subscribed;
    const successor = journal.others(this.#entry).find(({ entry }) => hasSet(entry, url) && restoresSame(entry));
    return successor === undefined ? undefined : url;
  }

  /** The other listener has its callback back and restores its own changes. */
  async #handBack({ subscribed }: Snapshot, over: string): Promise<Outcome | undefined> {
    const undo = this.#entry.subscribedHere === true && subscribed === true;
    if (!undo) return this.#done({ was: "handed-over", to: over });
    await unsubscribe(this.#context.target);
    this.#changes += 1;
    return undefined;
  }

  async #isAlive(over: string): Promise<boolean> {
    return !this.#replacedIsGone && this.#context.journal.isAlive(over, this.#entry);
  }

  async #restoreCallback(now: Snapshot): Promise<Outcome | undefined> {
    const { target, journal } = this.#context;
    const { over, before } = this.#entry;
    const back = over !== undefined && now.url !== over && (await this.#isAlive(over));
    if (!back && this.#changedMore()) this.#entry = journal.put({ ...this.#entry, phase: "restoring" });
    try {
      this.#acted = true;
      if (target.level === "waba" && before.subscribed === false && !back) {
        await unsubscribe(target);
        this.#unsubscribed = true;
      } else if (target.level === "app" && !back && before.url !== undefined)
        await this.#restoreSubscription(now, before.url);
      else await setCallback(target, callbackOf(this.#context, back ? over : before.url), namesOf(now));
      this.#changes += 1;
      return undefined;
    } catch (error) {
      if (!(error instanceof RejectedError && error.code === NOT_VERIFIED)) throw error;
      if (!back) return { was: "rejected", error };
      // The other listener is exiting: restore the callback that it replaced instead.
      this.#replacedIsGone = true;
      return undefined;
    }
  }

  /** Whether the subscription or its fields were changed too. */
  #changedMore(): boolean {
    const { level, before, addedFields } = this.#entry;
    return level === "app" ? before.fields !== undefined : before.subscribed === false || addedFields.length > 0;
  }

  /** Sets the app's callback with its current fields minus the added ones, so that changes made by others stay. */
  async #restoreSubscription(now: Snapshot, url: string): Promise<void> {
    const { target, journal } = this.#context;
    const { before, addedFields } = this.#entry;
    const versions = new Map(before.fields?.map(({ name, version }) => [name, version]));
    const kept = (now.fields ?? []).filter(({ name }) => !addedFields.includes(name));
    const fields = kept.length > 0 ? kept : (before.fields ?? []);
    this.#fields = fields.map((field) => ({ ...field, ...versionOf(versions.get(field.name)) }));
    this.#entry = journal.put({ ...this.#entry, goal: this.#fields });
    const callback = callbackOf(this.#context, url);
    const names = namesOf({ fields: this.#fields });
    const version = this.#fields[0]?.version;
    try {
      if (version === undefined) await setCallback(target, callback, names);
      else await setFields(target, callback, { version, names });
    } catch (error) {
      // A retired API version must not prevent restoring the callback.
      const retired = error instanceof RejectedError && error.code !== NOT_VERIFIED && !isPassing(error);
      if (!retired || version === undefined) throw error;
      await setCallback(target, callback, names);
    }
  }

  /** The callback is restored; the subscription and the fields may not be. */
  async #trim(now: Snapshot): Promise<Outcome | undefined> {
    const { target, journal } = this.#context;
    const { phase, addedFields, before } = this.#entry;
    if (!this.#changedMore()) return this.#done({ was: "restored" });
    const subscribed = before.subscribed === false && now.subscribed === true;
    const extra = addedFields.filter((name) => now.fields?.some((field) => field.name === name) === true);
    const isOurs = this.#acted || phase === "callback-restored";
    const rest = subscribed || extra.length > 0;
    const lacking = (isOurs || phase === "restoring") && !rest ? this.#lackingFields(now) : undefined;
    if (!rest && lacking === undefined) {
      return this.#done({ was: "restored", ...(this.#unsubscribed ? { unsubscribed: true } : {}) });
    }
    // Someone else replaced our URL with the original, so the rest is theirs too.
    if (phase === "set") return this.#done({ was: "restored" });
    if (!isOurs && rest && this.#restoring.sure !== true) return { was: "unclear" };
    if (phase !== "callback-restored") this.#entry = journal.put({ ...this.#entry, phase: "callback-restored" });
    if (subscribed) await unsubscribe(target);
    else if (extra.length > 0) await removeFields(target, extra);
    else if (lacking !== undefined && before.url !== undefined) {
      await setFields(target, callbackOf(this.#context, before.url), lacking);
    }
    this.#unsubscribed ||= subscribed;
    this.#changes += 1;
    return undefined;
  }

  /** Fields with a changed API version, or lost while versions were set. Each version is tried once. */
  #lackingFields(now: Snapshot): { version?: string; names: string[] } | undefined {
    const there = new Map(now.fields?.map(({ name, version }) => [name, version]));
    const names = namesOf({ fields: this.#fields });
    if (names.some((name) => !there.has(name))) {
      this.#keepsVersions = true;
      return { names };
    }
    if (this.#keepsVersions) return undefined;
    const others = this.#fields.filter(({ name, version }) => version !== undefined && there.get(name) !== version);
    const version = others.find((field) => !this.#triedVersions.has(field.version ?? ""))?.version;
    if (version === undefined) return undefined;
    this.#triedVersions.add(version);
    return { version, names: namesOf({ fields: others.filter((field) => field.version === version) }) };
  }

  #done(outcome: Outcome): Outcome {
    this.#context.journal.remove(this.#entry);
    return outcome;
  }
}

function namesOf({ fields = [] }: Snapshot): string[] {
  return fields.map(({ name }) => name);
}

function versionOf(version: string | undefined): { version?: string } {
  return version === undefined ? {} : { version };
}

const NOT_VERIFIED = "graph.2200";
const MAX_CHANGES = 12;

function stuck({ url }: Snapshot): RejectedError {
  return new RejectedError(`Meta accepted the change but still has ${url ?? "no callback"}`, {
    code: "registration.differs",
    hint: "run wa-hook webhook status, then try again",
  });
}
