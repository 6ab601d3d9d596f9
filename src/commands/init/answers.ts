/** The settings that `wa-hook init` works with: what is known, where it came from, and what is to be written. */
import { resolve } from "node:path";

import type { SourcedValue } from "../../terminal/command.ts";
import { readEnv } from "../../terminal/env-file.ts";
import {
  envFileOf,
  isFlag,
  refuseForeignRecipients,
  resolveSetting,
  settings,
  type SettingName,
  type Sources,
} from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";

export type Given = Readonly<Partial<Record<SettingName, SourcedValue | undefined>>>;

export interface Target {
  /** The env file, as it was named. */
  file: string;
  /** What is known already is asked for again. */
  again: boolean;
}

const NAMES = Object.keys(settings) as SettingName[];

export class Answers {
  readonly file: string;
  readonly path: string;
  readonly #again: boolean;
  readonly #flags: Given;
  readonly #environment: Sources;
  readonly #before: Readonly<Record<string, string | undefined>>;
  readonly #answered = new Map<SettingName, string>();
  /** What has to be asked for, and whether the value before is of any use for that. */
  readonly #open = new Map<SettingName, "change" | "replace">();

  /** Of `given` only the flags count: the file that is written is read here, for it may be another one than the one in use. */
  constructor(given: Given, { file, again }: Target, world: World) {
    this.file = file;
    this.path = resolve(world.cwd, file);
    this.#again = again;
    this.#flags = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined && isFlag(each)));
    this.#environment = { environment: world.env, file: undefined };
    this.#before = readEnv(this.path);
  }

  /** What holds. */
  get(name: SettingName): SourcedValue | undefined {
    if (this.#open.get(name) === "replace") return undefined;
    const answered = this.#answered.get(name);
    if (answered !== undefined) return { value: answered, source: this.file, name: this.#nameOf(name), others: [] };
    return this.#flags[name] ?? this.#find(name, this.#before);
  }

  /** What holds without a question. */
  settled(name: SettingName): SourcedValue | undefined {
    if (this.#open.has(name)) return undefined;
    return this.#answered.has(name) || this.#flags[name] !== undefined || !this.#again ? this.get(name) : undefined;
  }

  take(name: SettingName, value: string): void {
    this.#open.delete(name);
    this.#answered.set(name, value);
  }

  /** What holds is no good. */
  open(name: SettingName, how: "change" | "replace"): void {
    this.#open.set(name, how);
  }

  /** What the file does not say yet, by the names under which it will. */
  changes(): Record<string, string> {
    const changed = NAMES.flatMap((name): [string, string][] => {
      const [value, written] = [this.#newOf(name), this.#nameOf(name)];
      return value === undefined || value === this.#before[written] ? [] : [[written, value]];
    });
    return Object.fromEntries(changed);
  }

  /** What every other command will find when the changes are written. */
  inUse(name: SettingName): SourcedValue | undefined {
    const values = { ...this.#before, ...this.changes() };
    return this.#find(name, values);
  }

  /** Names in the environment that hold something else than what is written, and go before it. */
  hidden(): string[] {
    return NAMES.flatMap((name) => {
      const [value, before] = [this.#newOf(name), resolveSetting(name, this.#environment)];
      return before === undefined || value === undefined || value === before.value ? [] : [before.name];
    });
  }

  /** Throws a `UsageError` when an address in the env file would get a secret that was typed or comes from elsewhere. */
  refuseForeignRecipients(): void {
    const found = NAMES.map((name) => {
      const typed = this.#answered.has(name) && settings[name].secret ? { source: "your answer" } : {};
      const known = this.get(name);
      return [name, known && { ...known, ...typed }] as const;
    });
    refuseForeignRecipients(Object.fromEntries(found));
  }

  /** What the environment and the file have; an empty secret is none here, for it is asked for. */
  #find(name: SettingName, values: Readonly<Record<string, string | undefined>>): SourcedValue | undefined {
    const found = resolveSetting(name, { ...this.#environment, file: { path: this.file, values } });
    return found?.value === "" ? undefined : found;
  }

  #newOf(name: SettingName): string | undefined {
    if (this.#open.has(name)) return undefined;
    // A flag without a value means that there is none.
    return this.#answered.get(name) ?? (this.#flags[name]?.value || undefined);
  }

  /** The name that the file has for it already, or ours. */
  #nameOf(name: SettingName): string {
    const { names } = settings[name];
    return names.find((each) => this.#before[each]?.trim()) ?? names[0];
  }
}

/** The env file that the settings came from. */
export function fileOf(given: Given): string | undefined {
  const files = Object.values(given).map((each) => each && envFileOf(each));
  return files.find((file) => file !== undefined);
}
