/** How registering a callback reads. */
import { plain, type Paint } from "../cli/paint.ts";
import type { RegistrationEvent } from "./registering.ts";

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
      const { level, url, lost, unsubscribed, late } = event;
      const what = url === undefined ? `no callback at the level ${level}` : `${plain(url)} at the level ${level}`;
      const also = unsubscribed === true ? ", and the app is no longer subscribed to the account" : "";
      const whose = late === true ? " (an earlier run had ended without doing it)" : "";
      if (lost !== undefined) {
        const why = `${plain(lost)} no longer answers Meta's handshake with your verify token`;
        return `${paint.warn("!")} not quite as before: ${what}, because ${why}${also}${whose}`;
      }
      return `${paint.good("✓")} as before: ${what}${also}${whose}`;
    }
    case "not-restored":
      return `${paint.bad("✗")} not put back: ${plain(event.reason)}${event.hint === undefined ? "" : `\n  → ${event.hint}`}`;
    case "no-messages":
      return paint.warn(
        "! the app is not subscribed to the field messages, so Meta sends none: --register app does that too",
      );
    case "other-listener":
      return event.replaced === "theirs"
        ? paint.warn(
            `! ${plain(event.url)} answers to your verify token: another listener, which gets nothing until this one ends`,
          )
        : paint.warn(`! Meta now sends to ${plain(event.url)}: somebody else has set it, and it is left as it is`);
  }
}
