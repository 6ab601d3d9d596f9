/** The settings during `wa-hook init`: flags, answers, the env file and the environment, and what is to be saved. */
import { resolve } from "node:path";

import type { SourcedValue } from "../../terminal/command.ts";
import { readEnv } from "../../terminal/env-file.ts";
import {
  isFlag,
  refuseForeignRecipients,
  resolveSetting,
  settings,
  type SettingName,
  type Sources,
} from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";

type Settings = Readonly<Partial<Record<SettingName, SourcedValue | undefined>>>;

interface Options {
  /** The env file, as typed. */
  file: string;
  /** Ask again for settings that have a value. */
  again: boolean;
}

const NAMES = Object.keys(settings) as SettingName[];

export class Answers {
  readonly file: string;
  readonly path: string;
  readonly #again: boolean;
  readonly #flags: Settings;
  readonly #environment: Sources;
  readonly #saved: Readonly<Record<string, string | undefined>>;
  readonly #answers = new Map<SettingName, string>();
  /** Settings to ask for again, with the current value to edit or without it. */
  readonly #reopened = new Map<SettingName, "edit" | "replace">();

  /** Only the flags of `given` count: the file to write may be another than the one that the settings came from. */
  constructor(given: Settings, { file, again }: Options, world: World) {
    this.file = file;
    this.path = resolve(world.cwd, file);
    this.#again = again;
    this.#flags = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined && isFlag(each)));
    this.#environment = { environment: world.env, file: undefined };
    this.#saved = readEnv(this.path);
  }

  /** The current value. */
  get(name: SettingName): SourcedValue | undefined {
    if (this.#reopened.get(name) === "replace") return undefined;
    const answer = this.#answers.get(name);
    if (answer !== undefined) return { value: answer, source: this.file, name: this.#nameOf(name), others: [] };
    return this.#flags[name] ?? this.#find(name, this.#saved);
  }

  /** The current value, when it need not be asked for. */
  settled(name: SettingName): SourcedValue | undefined {
    if (this.#reopened.has(name)) return undefined;
    return this.#answers.has(name) || this.#flags[name] !== undefined || !this.#again ? this.get(name) : undefined;
  }

  set(name: SettingName, value: string): void {
    this.#reopened.delete(name);
    this.#answers.set(name, value);
  }

  /** Has the setting asked for again. */
  reopen(name: SettingName, how: "edit" | "replace"): void {
    this.#reopened.set(name, how);
  }

  /** The lines of the env file to add or change, by name. */
  changes(): Record<string, string> {
    const changed = NAMES.flatMap((name): [string, string][] => {
      const [value, written] = [this.#newValue(name), this.#nameOf(name)];
      return value === undefined || value === this.#saved[written] ? [] : [[written, value]];
    });
    return Object.fromEntries(changed);
  }

  /** The value that other commands will use once the changes are saved. */
  afterSaving(name: SettingName): SourcedValue | undefined {
    return this.#find(name, { ...this.#saved, ...this.changes() });
  }

  /** Names in the environment whose different value takes precedence over the env file. */
  overridden(): string[] {
    return NAMES.flatMap((name) => {
      const [value, inEnvironment] = [this.#newValue(name), resolveSetting(name, this.#environment)];
      return inEnvironment === undefined || value === undefined || value === inEnvironment.value
        ? []
        : [inEnvironment.name];
    });
  }

  /** Throws a `UsageError` when a URL in the env file would receive a secret that was typed or comes from elsewhere. */
  refuseForeignRecipients(): void {
    const found = NAMES.map((name) => {
      const typed = this.#answers.has(name) && settings[name].secret ? { source: "your answer" } : {};
      const current = this.get(name);
      return [name, current && { ...current, ...typed }] as const;
    });
    refuseForeignRecipients(Object.fromEntries(found));
  }

  /** The value in the environment or the env file. An empty secret counts as missing, so that it is asked for. */
  #find(name: SettingName, values: Readonly<Record<string, string | undefined>>): SourcedValue | undefined {
    const found = resolveSetting(name, { ...this.#environment, file: { path: this.file, values } });
    return found?.value === "" ? undefined : found;
  }

  #newValue(name: SettingName): string | undefined {
    if (this.#reopened.has(name)) return undefined;
    // An empty flag leaves the setting unset.
    const given = this.#answers.get(name) ?? (this.#flags[name]?.value || undefined);
    if (given !== undefined || name !== "graphUrl") return given;
    // The answers were checked with this Graph API, so later commands must use it too.
    return resolveSetting(name, this.#environment)?.value;
  }

  /** The name that the env file has for the setting, or ours. */
  #nameOf(name: SettingName): string {
    const { names } = settings[name];
    return names.find((each) => this.#saved[each]?.trim()) ?? names[0];
  }
}
