/** The outcomes of restoring a callback, and their events. */
import type { RejectedError } from "../errors.ts";
import type { Entry } from "./entry.ts";
import type { RegistrationEvent } from "./event.ts";

/** Only `unclear`, `superseded` and `rejected` keep the entry in the record. */
export type Outcome =
  | { was: "restored"; unsubscribed?: true }
  /** Another listener restores it. */
  | { was: "handed-over"; to: string }
  /** Someone else set another URL. */
  | { was: "superseded"; url: string | undefined }
  /** It is unknown who subscribed the app or added the fields. */
  | { was: "unclear" }
  | { was: "rejected"; error: RejectedError };

export function eventOf(outcome: Outcome, entry: Entry, recovered: boolean): RegistrationEvent {
  const { level, before, urls } = entry;
  switch (outcome.was) {
    case "restored":
      return {
        type: "restored",
        level,
        ...(before.url === undefined ? {} : { url: before.url }),
        ...(outcome.unsubscribed === true ? { unsubscribed: true } : {}),
        ...(recovered ? { recovered: true } : {}),
      };
    case "handed-over":
      return outcome.to === entry.over
        ? { type: "restored", level, url: outcome.to, handedOver: true }
        : { type: "other-listener", url: outcome.to, replaced: "ours", known: true };
    case "superseded": {
      const original = before.url ?? "no callback";
      if (outcome.url !== undefined) return { type: "other-listener", url: outcome.url, replaced: "ours", original };
      return {
        type: "not-restored",
        level,
        reason: `someone else removed the registered callback; the original was ${original}`,
        hint: "run wa-hook webhook restore --forget to accept that, or wa-hook webhook set <url>",
      };
    }
    case "unclear":
      return {
        type: "not-restored",
        level,
        reason:
          level === "app"
            ? "the field messages was added to the app's subscription, by an earlier run or by someone else"
            : "the app was subscribed to the WABA, by an earlier run or by someone else",
        hint: "run wa-hook webhook restore to remove it, or wa-hook webhook restore --forget to keep it",
      };
    case "rejected":
      return notRestored(
        level,
        `${outcome.error.message}; ${urls.at(-1) ?? "the callback"} stays registered`,
        before.url,
      );
  }
}

export function notRestored(level: Entry["level"], reason: string, earlier: string | undefined): RegistrationEvent {
  return {
    type: "not-restored",
    level,
    reason: `${reason}${earlier === undefined ? "" : `; the original was ${earlier}`}`,
    hint: "run wa-hook webhook restore --verify-token-file <file> with the verify token of that callback",
  };
}
