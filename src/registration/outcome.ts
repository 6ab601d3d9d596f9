/** What became of restoring, and how it is reported. */
import type { RejectedError } from "../errors.ts";
import type { Entry } from "./entry.ts";
import type { RegistrationEvent } from "./event.ts";

/** What became of it. Only `unclear`, `superseded` and `refused` leave something in the record. */
export type Outcome =
  | { was: "restored"; unsubscribed?: true }
  /** Another listener restores it. */
  | { was: "handed-over"; to: string }
  /** Somebody else has set another URL. */
  | { was: "superseded"; url: string | undefined }
  /** It cannot be told who has subscribed the app or added the fields. */
  | { was: "unclear" }
  | { was: "refused"; error: RejectedError };

export function eventOf(outcome: Outcome, entry: Entry, late: boolean): RegistrationEvent {
  const { level, before, urls } = entry;
  switch (outcome.was) {
    case "restored":
      return {
        type: "restored",
        level,
        ...(before.url === undefined ? {} : { url: before.url }),
        ...(outcome.unsubscribed === true ? { unsubscribed: true } : {}),
        ...(late ? { late: true } : {}),
      };
    case "handed-over":
      return outcome.to === entry.over
        ? { type: "restored", level, url: outcome.to, handedOver: true }
        : { type: "other-listener", url: outcome.to, replaced: "ours", known: true };
    case "superseded": {
      const owed = before.url === undefined ? `no callback at the level ${level}` : before.url;
      if (outcome.url !== undefined) return { type: "other-listener", url: outcome.url, replaced: "ours", owed };
      return {
        type: "not-restored",
        level,
        reason: `somebody has removed the callback that was registered; before it was ${owed}`,
        hint: "when that is right: wa-hook webhook restore --forget; otherwise wa-hook webhook set",
      };
    }
    case "unclear":
      return {
        type: "not-restored",
        level,
        reason:
          level === "app"
            ? "an earlier run may have added the field messages to the app's subscription, or somebody else has"
            : "an earlier run may have subscribed the app to the account, or somebody else has",
        hint: "wa-hook webhook restore removes it; wa-hook webhook restore --forget leaves it",
      };
    case "refused":
      return notRestored(level, `${outcome.error.message}; ${urls.at(-1) ?? "ours"} stays at Meta`, before.url);
  }
}

export function notRestored(level: Entry["level"], reason: string, earlier: string | undefined): RegistrationEvent {
  return {
    type: "not-restored",
    level,
    reason: `${reason}${earlier === undefined ? "" : `; it was ${earlier}`}`,
    hint: "wa-hook webhook restore tries again, with that callback's verify token: --verify-token-file <file>",
  };
}
