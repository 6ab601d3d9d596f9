/** Registers a callback URL: records the original on disk first, then makes one change at a time and reads each back. */
import { randomUUID } from "node:crypto";

import { RejectedError, WaHookError } from "../errors.ts";
import { reach } from "../webhook/reach.ts";
import { explainRefusal } from "./callback-refusal.ts";
import { callbackOf, type Context } from "./context.ts";
import { type Entry, hasSet, keyOf, type Snapshot } from "./entry.ts";
import type { RegistrationEvent } from "./event.ts";
import { restoreEntry } from "./restore.ts";
import { converge, PACE } from "./retry.ts";
import { idsOf, setCallback, subscribe, takeSnapshot } from "./target.ts";

export interface Registering {
  url: string;
  /** Signs a probe that detects whether the replaced callback is another listener. Without it, only a handshake is sent. */
  appSecret?: string;
  /** Keep it until a person restores it. */
  lasting?: true;
  /** Ends retrying. */
  signal: AbortSignal;
}

/** Throws the error of Meta; changes made by then are restored or stay in the record. */
export async function* register(
  context: Context,
  registering: Registering,
): AsyncGenerator<RegistrationEvent, Entry, void> {
  const { target, journal } = context;
  const { url, lasting, signal } = registering;
  let prepared = await prepare(context, registering);
  if (prepared.previous !== undefined && prepared.previous !== url) {
    yield* checkEarlier(context, registering, prepared);
    // Another listener may have exited during the check.
    prepared = await prepare(context, registering);
  }
  const { entry, now, previous, replaced } = prepared;
  journal.put(entry);
  let set: Entry;
  try {
    set = await apply(context, entry, { url, now, signal });
  } catch (error) {
    const unchanged = replaced !== undefined && (await hasStill(context, previous));
    if (unchanged) journal.put(replaced);
    else yield* restoreEntry(context, entry.id, { signal, sure: true, quiet: true });
    throw await explainRefusal(error, { url, verifyToken: context.verifyToken, signal });
  }
  yield {
    type: "registered",
    level: target.level,
    url,
    ...(previous === undefined ? {} : { previous }),
    ...(now.subscribed === false ? { subscribed: true } : {}),
    ...(lasting === true ? { lasting } : {}),
  };
  return set;
}

interface Prepared {
  entry: Entry;
  now: Snapshot;
  /** The current callback. */
  previous: string | undefined;
  /** The entry of this folder that this one continues. */
  replaced?: Entry;
}

async function hasStill({ target }: Context, url: string | undefined): Promise<boolean> {
  const now = await takeSnapshot(target).catch((error: unknown) => {
    // Unknown, so it stays in the record.
    if (error instanceof WaHookError) return undefined;
    throw error;
  });
  return now !== undefined && now.url === url;
}

/** Reads the current state. If another listener set it, the original is the one that listener replaced. */
async function prepare(context: Context, { url, lasting }: Registering): Promise<Prepared> {
  const { target, journal, graphUrl } = context;
  const draft: Entry = {
    id: randomUUID(),
    graphUrl,
    ...idsOf(target),
    urls: [url],
    before: {},
    addedFields: [],
    phase: "setting",
    ...(lasting === true ? { lasting } : { pid: process.pid }),
  };
  // Read before and after, because a listener deletes its entry only after Meta changed.
  const early = journal.others(draft);
  const now = await takeSnapshot(target);
  const others = [...early, ...journal.others(draft)].map(({ entry }) => entry);
  const own = journal.entries.filter((each) => keyOf(each) === keyOf(draft));
  const subscribes = now.subscribed === false;
  const progress = subscribes
    ? ({ phase: "subscribing", subscribedHere: true } as const)
    : ({ phase: "setting" } as const);
  const added = now.fields?.some(({ name }) => name === "messages") === false ? ["messages"] : [];
  const ours = own.findLast((each) => hasSet(each, now.url) && (each.lasting !== true || lasting === true));
  if (ours !== undefined) {
    const { ending: _, ...kept } = ours;
    const urls = [...ours.urls.filter((each) => each !== url), url];
    const addedFields = [...new Set([...ours.addedFields, ...added])];
    const before = subscribes ? { ...kept.before, subscribed: false } : kept.before;
    const entry: Entry = { ...kept, before, urls, addedFields, ...progress, pid: process.pid };
    return { entry, now, previous: now.url, replaced: ours };
  }
  const theirs = others.findLast((each) => hasSet(each, now.url) && each.lasting !== true);
  const inherited =
    theirs === undefined || now.url === undefined
      ? { before: now, addedFields: added }
      : {
          before: { ...theirs.before, ...(subscribes ? { subscribed: false } : {}) },
          addedFields: [...new Set([...theirs.addedFields, ...added])],
          over: now.url,
        };
  return { entry: { ...draft, ...inherited, ...progress }, now, previous: now.url };
}

/** Meta repeats the handshake when a callback is restored, so a callback that would fail is reported now. */
async function* checkEarlier(
  { target, verifyToken }: Context,
  { url, appSecret, signal }: Registering,
  { entry, previous }: Prepared,
): AsyncGenerator<RegistrationEvent, void, void> {
  const { level } = target;
  const probe = (callback: string, secret?: string) =>
    reach({ url: callback, verifyToken, signal, ...(secret === undefined ? {} : { appSecret: secret }) });
  if (previous !== undefined) {
    const reached = await probe(previous, appSecret);
    if (reached.ok && appSecret !== undefined) yield { type: "other-listener", url: previous, replaced: "theirs" };
  }
  const { url: earlier } = entry.before;
  if (earlier === undefined || earlier === url) return;
  const reached = await probe(earlier);
  if (reached.ok) return;
  const hint =
    reached.step === "handshake"
      ? "use the verify token of that callback, or run wa-hook webhook restore --verify-token-file <file> afterwards"
      : "start the server at that URL before you exit, or run wa-hook webhook restore afterwards";
  yield { type: "not-restorable", level, url: earlier, got: reached.got, hint };
}

async function apply(
  context: Context,
  entry: Entry,
  { url, now: first, signal }: { url: string; now: Snapshot; signal: AbortSignal },
): Promise<Entry> {
  const { target, journal, pace = PACE } = context;
  let written = entry;
  let known: Snapshot | undefined = first;
  let [tried, changes] = [false, 0];
  const step = async (): Promise<Entry | undefined> => {
    const now = known ?? (await takeSnapshot(target));
    known = undefined;
    // The same URL is set again too, because of the handshake.
    if (tried && now.url === url && hasMessages(now)) return journal.put({ ...written, phase: "set" });
    const isForeign = now.url !== first.url && !hasSet(entry, now.url);
    if (isForeign || changes >= MAX_CHANGES) throw differs(context, url, now);
    if (now.subscribed === false && written.phase === "subscribing") await subscribe(target);
    else {
      if (written.phase === "subscribing") written = journal.put({ ...written, phase: "setting" });
      tried = true;
      await setCallback(target, callbackOf(context, url), fieldsWithMessages(now));
    }
    changes += 1;
    return undefined;
  };
  return converge(step, { signal, pace });
}

const MAX_CHANGES = 5;

export function fieldsWithMessages({ fields = [] }: Snapshot): string[] {
  return [...new Set([...fields.map(({ name }) => name), "messages"])];
}

function hasMessages({ fields }: Snapshot): boolean {
  return fields === undefined || fields.some(({ name }) => name === "messages");
}

export function differs({ target: { level } }: Context, url: string, { url: now }: Snapshot): RejectedError {
  return new RejectedError(`Meta accepted the ${level} callback ${url} but now has ${now ?? "none"}`, {
    code: "registration.differs",
    hint: "someone else may have changed it; run wa-hook webhook status, then try again",
  });
}
