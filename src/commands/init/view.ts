/** What happens in `wa-hook init`, and how it reads. */
import { span } from "../../graph/token-findings.ts";
import type { Finding } from "../../report/finding.ts";
import type { Printed } from "../../terminal/command.ts";
import { madePrivateText } from "../../terminal/env-file.ts";
import { counted, pad, wrap, type Paint } from "../../terminal/paint.ts";
import { isFlag, settings, type SettingName } from "../../terminal/settings.ts";

interface Of {
  setting: SettingName;
}

/** Secrets are in it by their first characters only. */
export type InitEvent =
  | ({ type: "kept"; name: string; source: string; value: string; label?: string } & Of)
  | { type: "app"; appId: string; name: string }
  | { type: "token"; token: string; now: number; of?: string; application?: string; expiresAt?: number }
  | ({ type: "finding" } & Finding)
  /** `only`: there was nothing to choose from. */
  | ({ type: "taken"; id: string; label: string; only: boolean } & Of)
  | ({ type: "made"; value: string } & Of)
  | ({ type: "refused"; problem: string; fix?: string } & Of)
  | { type: "unchecked"; problem: string; fix?: string }
  | { type: "warning"; problem: string; fix: string }
  | { type: "saved"; file: string; names: string[] }
  | { type: "ignored"; file: string }
  /** Other users could read the file. */
  | { type: "made-private"; file: string }
  | ({ type: "setting"; name: string; source?: string; value?: string } & Of)
  | { type: "next"; commands: { line: string; about: string }[] };

export function initLine(event: InitEvent, paint: Paint): Printed {
  if (event.type === "setting") return settingLine(event, paint);
  if (event.type === "next") return nextLines(event, paint);
  return { notice: wrapped(noticeLines(event, paint), paint) };
}

type Noticed = Exclude<InitEvent, { type: "setting" | "next" }>;

function noticeLines(event: Noticed, paint: Paint): string[] {
  switch (event.type) {
    case "kept": {
      const { setting, label, value, name, source } = event;
      const place = isFlag(event) ? name : `${name} in ${source}`;
      return [`${paint.quiet("·")} ${labelOf(setting)} ${known(value, label)}  ${paint.quiet(place)}`];
    }
    case "app":
      return [`${paint.good("✓")} the app and its secret belong together: ${known(event.appId, event.name)}`];
    case "token":
      return [`${paint.good("✓")} access token ${event.token}  ${tokenWords(event)}`];
    case "taken": {
      const why = event.only ? paint.quiet("  the only one there is") : "";
      return [`${paint.good("✓")} ${labelOf(event.setting)} ${known(event.id, event.label)}${why}`];
    }
    case "made":
      return [`${paint.good("✓")} ${labelOf(event.setting)} ${event.value}  made for you`];
    case "refused":
      return told(paint.bad("✗"), event.problem, event.fix);
    case "unchecked":
      return told(paint.warn("!"), `not checked: ${event.problem}`, event.fix);
    case "warning":
      return told(paint.warn("!"), event.problem, event.fix);
    case "finding":
      return told(paint.warn("!"), `${event.title} ${event.got}`, event.fix);
    case "saved":
      if (event.names.length === 0) return [`${paint.quiet("·")} nothing to write: everything is set already`];
      return [`${paint.good("✓")} ${counted(event.names.length, "setting")} written to ${event.file}`];
    case "made-private":
      return [`${paint.warn("!")} ${madePrivateText(event.file)}`];
    case "ignored":
      return [`${paint.good("✓")} ${event.file} is in .gitignore`];
  }
}

function told(mark: string, problem: string, fix: string | undefined): string[] {
  return [`${mark} ${problem}`, ...(fix === undefined ? [] : [`  → ${fix}`])];
}

function wrapped(lines: readonly string[], { width }: Paint): string {
  return lines.map((line, index) => wrap(line, width, index === 0 ? 2 : 4)).join("\n");
}

function labelOf(setting: SettingName): string {
  return settings[setting].label;
}

/** `Test Number (123)`, or the id alone. */
function known(id: string, label: string | undefined): string {
  return label ? `${label} (${id})` : id;
}

const OF: Record<string, string> = { SYSTEM_USER: "a system user's", USER: "a user's", PAGE: "a page's" };

function tokenWords({ of = "", application, expiresAt, now }: Extract<InitEvent, { type: "token" }>): string {
  const whose = [OF[of] ?? of, ...(application === undefined ? [] : [`of ${application}`])].filter(Boolean);
  const left = expiresAt === undefined ? undefined : expiresAt === 0 ? "never expires" : span(expiresAt - now / 1000);
  return [whose.join(", "), left === undefined || expiresAt === 0 ? left : `${left} left`].filter(Boolean).join(", ");
}

function settingLine({ setting, name, source, value }: Extract<InitEvent, { type: "setting" }>, paint: Paint): string {
  const label = pad(labelOf(setting), 20);
  if (value === undefined || source === undefined) return `${label} ${paint.quiet(`not set (${name})`)}`;
  return `${label} ${pad(value, 18)} ${paint.quiet(`${name} in ${source}`)}`;
}

function nextLines({ commands }: Extract<InitEvent, { type: "next" }>, paint: Paint): string[] {
  return [
    "",
    "Next:",
    ...commands.flatMap(({ line, about }) => [`  $ ${paint.name(line)}`, `      ${paint.quiet(about)}`]),
  ];
}
