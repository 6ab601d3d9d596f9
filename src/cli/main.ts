/** Runs what was typed: prints its events, renders its error, gives the exit code. */
import { explanationOf, ProgramEndedError, WaHookError, type ErrorLine } from "../errors.ts";
import { plain, plainData, printableJson } from "../printable.ts";
import type { AnyCommand, Notice } from "../terminal/command.ts";
import { withoutInput, type World } from "../terminal/world.ts";
import { exitCodeOf } from "./exit-code.ts";
import { understand } from "./program.ts";
import { Screen } from "./screen.ts";
import { globalFlags, type GlobalFlags } from "./typed-words.ts";

export { describeCommands } from "./manifest.ts";
export { realWorld } from "../terminal/world.ts";
export { describeFixtures } from "../webhook/fixture-catalog.ts";

/** Resolves with the exit code; never rejects. `argv` is without node and the script. */
export async function main(argv: readonly string[], given: World): Promise<number> {
  const flags = globalFlags(argv);
  const world = flags.input ? given : withoutInput(given);
  try {
    const invocation = await understand(argv, world);
    if (invocation !== undefined) await run(invocation.command, invocation.inputs, world, flags);
    return 0;
  } catch (error) {
    return await fail(error, world, flags);
  }
}

type Flags = Pick<GlobalFlags, "json" | "quiet" | "color">;

async function run(command: AnyCommand, inputs: unknown, world: World, flags: Flags): Promise<void> {
  const { paintFor, wrap, written } = await import("../terminal/paint.ts");
  const screen = new Screen(world, flags, { paint: paintFor(world.stdout, world.env, flags.color), written });
  const fit = (text: string, indent: number) => wrap(text, screen.paint.width, indent);
  try {
    for await (const event of happening(command, inputs, world, flags)) {
      if (isNotice(event) && event.machine === true && !flags.json) screen.notice(plain(event.text));
      else if (isNotice(event)) screen.show({ notice: screen.paint.quiet(noticeText(event, fit)) });
      else if (flags.json) screen.data(printableJson(event));
      else screen.show(command.print(plainData(event), screen.paint, event));
      if (screen.isDue) await screen.caughtUp();
    }
  } finally {
    screen.finish();
  }
}

/** What keys do is shown to people only. */
function withoutKeys(world: World): World {
  // A copy would open the streams of the process.
  return Object.create(world, { keys: { value: undefined } }) as World;
}

function happening(command: AnyCommand, inputs: unknown, world: World, { json }: Flags): AsyncGenerator<object> {
  if (json) return command.run(inputs, withoutKeys(world));
  const events = command.run(inputs, world);
  return command.arrange?.(events) ?? events;
}

function isNotice(event: object): event is Notice {
  return "type" in event && event.type === "notice";
}

/** `fit` breaks a line that is too long for the terminal, and indents what follows. */
function noticeText({ text, hint }: Notice, fit: (text: string, indent: number) => string): string {
  const start = fit(plain(text), 2);
  return hint === undefined ? start : `${start}\n${fit(`  → ${plain(hint)}`, 4)}`;
}

async function fail(error: unknown, world: World, { json, color }: Flags): Promise<number> {
  const code = exitCodeOf(error);
  if (error instanceof ProgramEndedError) return code;
  if (json) {
    const { docsOf } = await import("./docs.ts");
    world.stderr.write(`${printableJson(errorLine(error, code, docsOf(error)))}\n`);
    return code;
  }
  const { paintFor, wrap, written } = await import("../terminal/paint.ts");
  const paint = paintFor(world.stderr, world.env, color);
  if (error instanceof WaHookError) {
    const lines = [
      wrap(`${paint.bad("error:")} ${plain(error.message)}`, paint.width, 2),
      ...error.about.map((line) => wrap(`  ${plain(line)}`, paint.width, 2)),
      ...(error.hint === undefined ? [] : [wrap(`  ${paint.quiet("→")} ${plain(error.hint)}`, paint.width, 4)]),
    ];
    world.stderr.write(`${written(lines.join("\n"))}\n`);
    return code;
  }
  const notice = "this is a bug in wa-hook; please report it with the lines below";
  world.stderr.write(written(`${paint.bad("error:")} ${notice}\n${shownStack(error)}\n`));
  return code;
}

function errorLine(error: unknown, exitCode: number, docs: string): ErrorLine {
  if (!(error instanceof WaHookError)) return { type: "error", code: "bug", message: stackOf(error), exitCode, docs };
  return { type: "error", ...explanationOf(error), ...error.facts, exitCode, docs };
}

/** What was thrown on one line, whatever text is in it; then where. */
function shownStack(error: unknown): string {
  const lines = stackOf(error).split("\n");
  const places = lines.filter((line) => /^ {4}at /.test(line));
  return [plain(lines.filter((line) => !places.includes(line)).join("\n")), ...places].join("\n");
}

function stackOf(error: unknown): string {
  return (error instanceof Error && error.stack) || String(error);
}
