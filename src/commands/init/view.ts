/** The events of `wa-hook init`, and how they are rendered. */
import { span } from "../../graph/token-findings.ts";
import type { Finding } from "../../report/finding.ts";
import type { Printed } from "../../terminal/command.ts";
import { madePrivateText } from "../../terminal/env-file.ts";
import { counted, pad, wrap, type Paint } from "../../terminal/paint.ts";
import { isFlag, settings, type SettingName } from "../../terminal/settings.ts";
import { fixLines, resultLine, row } from "../views/findings.ts";

interface OfSetting {
  setting: SettingName;
}

/** Secrets in it are masked. */
export type InitEvent =
  /** A setting was found and stays as it is. */
  | ({ type: "kept"; name: string; source: string; value: string } & OfSetting)
  /** Meta accepted the app ID and the app secret. */
  | { type: "app"; appId: string; name: string }
  /**
   * Meta accepted the access token, shown masked; `of` is its type and `application` the app that issued it. `now` is in milliseconds,
   * `expiresAt` in seconds since 1970, and 0 means never.
   */
  | { type: "token"; token: string; now: number; of?: string; application?: string; expiresAt?: number }
  | ({ type: "finding" } & Finding)
  /** `only`: there was nothing else to choose from. */
  | ({ type: "selected"; id: string; label: string; only: boolean } & OfSetting)
  /** A value was generated. */
  | ({ type: "generated"; value: string } & OfSetting)
  /** A value cannot be used. */
  | ({ type: "rejected"; problem: string; fix?: string } & OfSetting)
  /** The value could not be verified with Meta. */
  | { type: "unchecked"; problem: string; fix?: string }
  /** Something that needs attention, although the settings are complete. */
  | { type: "warning"; problem: string; fix: string }
  /** The settings with these names were written to the env file. */
  | { type: "saved"; file: string; names: string[] }
  /** The env file was added to .gitignore. */
  | { type: "ignored"; file: string }
  /** Other users had access to the file. */
  | { type: "made-private"; file: string }
  /** A setting and where its value comes from; without `source`, it is not set. */
  | ({ type: "setting"; name: string; source?: string; value?: string } & OfSetting)
  /** What to run next. */
  | { type: "next"; commands: { line: string; about: string }[] };

export function initLine(event: InitEvent, paint: Paint): Printed {
  if (event.type === "setting") return settingLine(event, paint);
  if (event.type === "next") return nextLines(event, paint);
  return { notice: noticeLines(event, paint).join("\n") };
}

type Notified = Exclude<InitEvent, { type: "setting" | "next" }>;

function noticeLines(event: Notified, paint: Paint): string[] {
  const pass = (label: string, result: string) => [resultLine("pass", { label, result }, paint)];
  switch (event.type) {
    case "kept": {
      const { setting, value, name, source } = event;
      const text = `${value}  ${paint.quiet(isFlag(event) ? name : `${name} in ${source}`)}`;
      return [row(paint.quiet("·"), { label: labelOf(setting), text }, paint)];
    }
    case "app":
      return pass("App credentials", named(event.appId, event.name));
    case "token":
      return pass("Access token", `${event.token}  ${describeToken(event)}`);
    case "selected":
      return pass(labelOf(event.setting), `${named(event.id, event.label)}${event.only ? "  (only choice)" : ""}`);
    case "generated":
      return pass(labelOf(event.setting), `${event.value}  (generated)`);
    case "rejected":
      return problemLines(paint.bad("✗"), event, paint);
    case "unchecked":
      return problemLines(paint.warn("!"), { ...event, problem: `Not checked: ${event.problem}` }, paint);
    case "warning":
      return problemLines(paint.warn("!"), event, paint);
    case "finding":
      return [
        resultLine(event.status, { label: event.title, result: event.got }, paint),
        ...fixLines(event.fix, paint),
      ];
    case "saved":
      if (event.names.length === 0) return [`${paint.quiet("·")} Nothing to save: all settings have a value`];
      return pass("Saved", `${counted(event.names.length, "setting")} in ${event.file}`);
    case "made-private":
      return [wrap(`${paint.warn("!")} ${madePrivateText(event.file)}`, paint.width, 2)];
    case "ignored":
      return pass(".gitignore", `${event.file} added`);
  }
}

function problemLines(mark: string, { problem, fix }: { problem: string; fix?: string }, paint: Paint): string[] {
  return [wrap(`${mark} ${problem}`, paint.width, 2), ...fixLines(fix, paint)];
}

function labelOf(setting: SettingName): string {
  const { label } = settings[setting];
  // The brand is not capitalized.
  if (label.startsWith("ngrok")) return label;
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
}

/** `Test Number (123)`, or the ID alone. */
function named(id: string, label: string): string {
  return label === "" ? id : `${label} (${id})`;
}

const TYPES: Record<string, string> = { SYSTEM_USER: "system user", USER: "user", PAGE: "page" };

function describeToken({ of = "", application, expiresAt, now }: Extract<InitEvent, { type: "token" }>): string {
  const expiry =
    expiresAt === undefined ? "" : expiresAt === 0 ? "never expires" : `expires in ${span(expiresAt - now / 1000)}`;
  return [TYPES[of] ?? of, application ?? "", expiry].filter(Boolean).join(", ");
}

const LABEL_COLUMNS = 20;
const VALUE_COLUMNS = 18;

function settingLine(event: Extract<InitEvent, { type: "setting" }>, paint: Paint): string {
  const { setting, name, source, value } = event;
  const label = pad(labelOf(setting), LABEL_COLUMNS);
  if (value === undefined || source === undefined) return `${label} ${paint.quiet(`not set (${name})`)}`;
  return `${label} ${pad(value, VALUE_COLUMNS)} ${paint.quiet(`${name} in ${source}`)}`;
}

function nextLines({ commands }: Extract<InitEvent, { type: "next" }>, paint: Paint): string[] {
  return [
    "",
    "Next:",
    ...commands.flatMap(({ line, about }) => [`  $ ${paint.name(line)}`, `      ${paint.quiet(about)}`]),
  ];
}
