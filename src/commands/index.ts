/** Every command: its name as typed, its line in the help, and where it is. Loaded when it is used, so that the others cost nothing. */
import type { AnyCommand } from "../cli/command.ts";

export interface CommandEntry {
  /** `listen`, `events list`. */
  name: string;
  summary: string;
  group: string;
  load(): Promise<AnyCommand>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: "listen",
    summary: "receive webhook deliveries: verify, record, explain, forward",
    group: "Webhooks",
    load: async () => (await import("./listen.ts")).listen,
  },
  {
    name: "replay",
    summary: "sign deliveries as Meta does and send them to an app",
    group: "Webhooks",
    load: async () => (await import("./replay.ts")).replay,
  },
  {
    name: "events list",
    summary: "what was received, the newest last",
    group: "What was received",
    load: async () => (await import("./events-list.ts")).eventsList,
  },
  {
    name: "events show",
    summary: "one delivery: its headers, its verdict, its payload",
    group: "What was received",
    load: async () => (await import("./events-show.ts")).eventsShow,
  },
  {
    name: "events export",
    summary: "deliveries as NDJSON with their exact bytes, for replay",
    group: "What was received",
    load: async () => (await import("./events-export.ts")).eventsExport,
  },
  {
    name: "fixtures list",
    summary: "the bundled deliveries",
    group: "Test data",
    load: async () => (await import("./fixtures-list.ts")).fixturesList,
  },
  {
    name: "fixtures show",
    summary: "the payload of a bundled delivery",
    group: "Test data",
    load: async () => (await import("./fixtures-show.ts")).fixturesShow,
  },
  {
    name: "settings",
    summary: "which settings are used, and where each comes from",
    group: "This program",
    load: async () => (await import("./settings.ts")).settingsCommand,
  },
  {
    name: "completion",
    summary: "a script that completes commands in bash, zsh or fish",
    group: "This program",
    load: async () => (await import("./completion.ts")).completion,
  },
];
