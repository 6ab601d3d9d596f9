/** Compares what commands yield with their published schemas, wherever a test runs one. */
import { pathOf } from "../../docs/schemas/path.js";
import { commands } from "../../src/commands/index.ts";
import type { AnyCommand } from "../../src/terminal/command.ts";
import type { World } from "../../src/terminal/world.ts";
import { problemsIn } from "./schemas.ts";

/** One mistake is in many events; the first of them tell. */
const MAX_PROBLEMS = 50;

let problems: string[] = [];

/** What was wrong since the last call. */
export function problemsSeen(): string[] {
  const seen = problems;
  problems = [];
  return seen;
}

let watched = false;

/** From now on, every run of a command in this process is compared. */
export function watchCommands(): void {
  if (watched) return;
  watched = true;
  for (const entry of commands) {
    const { name, load } = entry;
    entry.load = async () => compared(name, await load());
  }
}

/** What was written to stderr: an error of `--json` is one line there. */
export function compareError(text: string | Uint8Array): void {
  if (!watched || typeof text !== "string" || !/^\{"type":"error".*\}\n$/.test(text)) return;
  note(problemsIn("error.schema.json", JSON.parse(text)));
}

/** What a process with these arguments has printed until it ended, maybe in the middle of a line. */
export function compareOutput(args: readonly string[], stdout: string): void {
  // After `--` are another program's arguments.
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  // What `exec` prints is that of another program.
  if (!watched || !own.includes("--json") || own[0] === "exec") return;
  const lines = stdout.split("\n").slice(0, -1);
  for (const line of lines) note(problemsIn(pathOf(commandIn(args)), JSON.parse(line)));
}

/** The command that these words start with; its name is one word or two. */
export function commandIn(words: readonly string[]): string {
  const [noun = "", action = ""] = words;
  return commands.find(({ name }) => name === `${noun} ${action}`)?.name ?? noun;
}

function note(found: readonly string[]): void {
  if (found.length > 0 && problems.length < MAX_PROBLEMS) problems = [...problems, ...found];
}

function compared(name: string, command: AnyCommand): AnyCommand {
  return {
    ...command,
    async *run(inputs: unknown, world: World) {
      // Only people have keys, and `--json` has no events of them.
      if (world.keys !== undefined) return yield* command.run(inputs, world);
      for await (const event of command.run(inputs, world)) {
        const isNotice = "type" in event && event.type === "notice";
        if (!isNotice) note(problemsIn(pathOf(name), event));
        yield event;
      }
    },
  };
}
