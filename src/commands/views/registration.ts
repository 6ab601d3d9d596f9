/** Formats the events of registering and restoring a callback. */
import { CALLBACK_NAMES } from "../../graph/callback-names.ts";
import type { RegistrationEvent } from "../../registration/event.ts";
import { ms, pad, plain, wrap, type Paint } from "../../terminal/paint.ts";

/** Width of the label column. */
export const LABEL = 13;

export function registrationLine(event: RegistrationEvent, paint: Paint): string {
  return wrapLabeled(labeledLine(event, paint), paint);
}

/** Breaks a labeled line, and the hint below it, between words. URLs stay whole. */
export function wrapLabeled(lines: string, { width }: Paint): string {
  return lines
    .split("\n")
    .map((line) => wrap(line, width, 4))
    .join("\n");
}

function labeledLine(event: RegistrationEvent, paint: Paint): string {
  const good = (label: string, text: string) => `${paint.good("✓")} ${pad(label, LABEL)} ${text}`;
  const warning = (label: string, text: string) => paint.warn(`! ${pad(label, LABEL)} ${text}`);
  switch (event.type) {
    case "registered":
      return good("Registered", registeredText(event, paint));
    case "restored":
      return good("Restored", restoredText(event, paint));
    case "not-restored":
      return `${paint.bad("✗")} ${pad("Not restored", LABEL)} ${plain(event.reason)}${hintLine(event.hint)}`;
    case "not-restorable": {
      const { url, got, hint } = event;
      const text = `${plain(url)} cannot be restored on exit: handshake with your verify token got ${plain(got)}`;
      return `${warning("Callback", text)}${hintLine(hint)}`;
    }
    case "retrying":
      return `${warning("Registration", `failed: ${plain(event.reason)}; retrying in ${ms(event.retryMs)}`)}${hintLine(event.hint)}`;
    case "removed":
      return warning("Callback", `${CALLBACK_NAMES[event.level]} removed by someone else; no deliveries arrive here`);
    case "forgotten": {
      const { level, url, removed } = event;
      const now = removed === true ? `${CALLBACK_NAMES[level]} removed` : "Meta not changed";
      return good("Forgotten", `${now}${url === undefined ? "" : `; ${plain(url)} will not be restored`}`);
    }
    case "no-messages": {
      const text = "app not subscribed to the field messages; Meta sends no messages";
      return `${warning("Callback", text)}${hintLine("run wa-hook listen --register app to subscribe it")}`;
    }
    case "other-listener":
      return otherListenerLine(event, warning);
  }
}

type OfType<Type extends RegistrationEvent["type"]> = Extract<RegistrationEvent, { type: Type }>;

function hintLine(hint: string | undefined): string {
  return hint === undefined ? "" : `\n  → ${plain(hint)}`;
}

function registeredText(event: OfType<"registered">, paint: Paint): string {
  const { level, url, previous, subscribed, lasting } = event;
  const until = lasting === true ? "" : " until exit";
  const replaced = previous === undefined || previous === url ? "" : `; replaces ${plain(previous)}${until}`;
  const also = subscribed === true ? `; app subscribed to the WABA${until}` : "";
  return `${CALLBACK_NAMES[level]} → ${paint.name(plain(url))}${paint.quiet(`${replaced}${also}`)}`;
}

function restoredText(event: OfType<"restored">, paint: Paint): string {
  const { level, url, unsubscribed, recovered, handedOver } = event;
  const what = url === undefined ? `${CALLBACK_NAMES[level]} removed` : `${CALLBACK_NAMES[level]} → ${plain(url)}`;
  const also = unsubscribed === true ? "; app unsubscribed from the WABA" : "";
  const whose = recovered === true ? " (left by an earlier run)" : "";
  const rest = handedOver === true ? paint.quiet("; that listener restores the rest on exit") : "";
  return `${what}${also}${whose}${rest}`;
}

function otherListenerLine(
  { url, replaced, original, known }: OfType<"other-listener">,
  warning: (label: string, text: string) => string,
): string {
  const other = plain(url);
  if (replaced === "theirs") {
    return warning("Callback", `${other} is another listener; it receives nothing until this one exits`);
  }
  if (known === true) {
    return warning("Callback", `replaced by another listener, ${other}, which restores the rest on exit`);
  }
  const line = warning("Callback", `changed by someone else to ${other}; left unchanged`);
  if (original === undefined) return line;
  return `${line}${hintLine(`the original was ${original}; run wa-hook webhook restore --forget to drop it`)}`;
}
