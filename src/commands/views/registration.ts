/** How registering a callback reads. */
import type { RegistrationEvent } from "../../registration/event.ts";
import { ms, plain, type Paint } from "../../terminal/paint.ts";

export function registrationLine(event: RegistrationEvent, paint: Paint): string {
  switch (event.type) {
    case "registered": {
      const { level, url, previous, subscribed, lasting } = event;
      const until = lasting === true ? "; instead of" : "; until the end instead of";
      const before = previous === undefined || previous === url ? "" : paint.quiet(`${until} ${plain(previous)}`);
      const also = subscribed === true ? paint.quiet("; the app is subscribed to the account meanwhile") : "";
      return `${paint.good("✓")} registered at the level ${level}: ${paint.name(plain(url))}${before}${also}`;
    }
    case "restored": {
      const { level, url, unsubscribed, late, handedOver } = event;
      const what = url === undefined ? `no callback at the level ${level}` : `${plain(url)} at the level ${level}`;
      const also = unsubscribed === true ? ", and the app is no longer subscribed to the account" : "";
      const whose = late === true ? " (an earlier run had ended without doing it)" : "";
      const rest = handedOver === true ? paint.quiet("; that listener restores the rest at its end") : "";
      return `${paint.good("✓")} as before: ${what}${also}${whose}${rest}`;
    }
    case "not-restored":
      return `${paint.bad("✗")} not restored: ${plain(event.reason)}${event.hint === undefined ? "" : `\n  → ${plain(event.hint)}`}`;
    case "not-restorable": {
      const { url, got, hint } = event;
      const what = `${plain(url)} cannot be restored at the end: the handshake with your verify token got ${plain(got)}`;
      return `${paint.warn(`! ${what}`)}\n  → ${plain(hint)}`;
    }
    case "retrying":
      return `${paint.warn("!")} not registered yet: ${plain(event.reason)}; next attempt in ${ms(event.retryMs)}`;
    case "removed":
      return paint.warn(`! Meta no longer sends here: somebody has removed the callback at the level ${event.level}`);
    case "forgotten": {
      const { level, url, removed } = event;
      const now = removed === true ? `no callback at the level ${level}` : "Meta is left as it is";
      return `${paint.good("✓")} ${now}${url === undefined ? "" : `; ${plain(url)} is forgotten`}`;
    }
    case "no-messages":
      return paint.warn(
        "! the app is not subscribed to the field messages, so Meta sends none: --register app does that too",
      );
    case "other-listener":
      return otherListenerLine(event, paint);
  }
}

function otherListenerLine(event: Extract<RegistrationEvent, { type: "other-listener" }>, paint: Paint): string {
  const { replaced, owed, known } = event;
  const url = plain(event.url);
  if (replaced === "theirs") {
    return paint.warn(
      `! ${url} answers to your verify token: another listener, which gets nothing until this one ends`,
    );
  }
  if (known === true)
    return paint.warn(`! Meta now sends to ${url}: another listener, which restores the rest at its end`);
  const set = paint.warn(`! Meta now sends to ${url}: somebody else has set it, and it is left as it is`);
  if (owed === undefined) return set;
  const kept = `before this listener it was ${plain(owed)}, which stays in the record`;
  return `${set}\n  → ${kept}; wa-hook webhook restore --forget drops it`;
}
