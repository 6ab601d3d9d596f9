/** The entries of the registry. It is loaded at every start, so this file imports nothing but a type. */
import type { AnyCommand } from "./command.ts";

/** A command in the registry, loaded when it is used. */
export interface CommandEntry {
  /** `listen`, `events list`. */
  name: string;
  summary: string;
  group: string;
  load(): Promise<AnyCommand>;
}

/** The entries of a noun with one command for each action. */
export function commandsOf<Noun extends string>(noun: Noun, group: string) {
  return <Action extends string, Loaded extends AnyCommand>(
    action: Action,
    summary: string,
    load: () => Promise<Loaded>,
  ) => ({ name: `${noun} ${action}` as const, summary, group, load });
}
