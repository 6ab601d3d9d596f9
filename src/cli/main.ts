/** Runs what was typed: prints its events, renders its error, gives the exit code. */
import {
  CheckFailedError,
  CredentialsError,
  InterruptedError,
  RejectedError,
  UnavailableError,
  UsageError,
  WaHookError,
} from "../errors.ts";
import type { AnyCommand, Notice, Printed } from "./command.ts";
import type { Paint } from "./paint.ts";
import { globalFlags, understand, type GlobalFlags } from "./program.ts";
import { drained, type World } from "./world.ts";

export { realWorld } from "./world.ts";

const EXIT_CODES = new Map<unknown, number>([
  [CheckFailedError, 1],
  [UsageError, 2],
  [CredentialsError, 3],
  [UnavailableError, 4],
  [RejectedError, 5],
  [InterruptedError, 130],
]);
const BUG = 70;
const REDRAW_MS = 80;
/** So many characters, or so long without a turn of the event loop, and what came is written before more is made. */
const WRITE_AT = 65_536;
const TURN_MS = 50;

/** Resolves with the exit code; never rejects. `argv` is without node and the script. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  const flags = globalFlags(argv);
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
  const { paintFor } = await import("./paint.ts");
  const screen = new Screen(world, flags, paintFor(world.stdout, world.env, flags.color));
  try {
    for await (const event of command.run(inputs, world)) {
      if (isNotice(event)) screen.show({ notice: screen.paint.quiet(event.text) });
      else if (flags.json) screen.data(JSON.stringify(event));
      else screen.show(command.print(event, screen.paint));
      if (screen.isDue) await screen.caughtUp();
    }
  } finally {
    screen.finish();
  }
}

function isNotice(event: object): event is Notice {
  return "type" in event && event.type === "notice";
}

/** stdout and stderr as one picture: progress is wiped before anything else is written. */
class Screen {
  readonly paint: Paint;
  readonly #world: World;
  readonly #quiet: boolean;
  #progress = false;
  #drawnAt = 0;
  #lines = "";
  #turnAt = performance.now();

  constructor(world: World, { quiet, json }: Flags, paint: Paint) {
    this.#world = world;
    this.#quiet = quiet || json;
    this.paint = paint;
  }

  show(printed: Printed | undefined): void {
    if (printed === undefined) return;
    if (Array.isArray(printed)) for (const part of printed) this.show(part);
    else if (typeof printed === "string") this.data(printed);
    else if (this.#quiet) return;
    else if ("notice" in printed) this.notice(printed.notice);
    else if (this.#world.stderr.isTTY === true) this.progress(printed.progress);
  }

  /** What comes within one turn of the event loop is written at once: each write is a system call. */
  data(line: string): void {
    if (this.#lines === "") setImmediate(() => this.#flush());
    this.#lines += `${line}\n`;
  }

  /** Whether a command that makes its events without waiting has to wait now: for the reader, for Ctrl-C. */
  get isDue(): boolean {
    return this.#lines.length >= WRITE_AT || performance.now() - this.#turnAt > TURN_MS;
  }

  /** Writes what is waiting; resolves when its reader has taken it. */
  async caughtUp(): Promise<void> {
    if (!this.#flush()) await drained(this.#world.stdout, this.#world.signal);
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnAt = performance.now();
  }

  notice(text: string): void {
    this.finish();
    this.#world.stderr.write(`${text}\n`);
  }

  progress(text: string): void {
    this.#flush();
    if (this.#progress && this.#world.now() - this.#drawnAt < REDRAW_MS) return;
    this.#world.stderr.write(`\r\u001b[K${text}`);
    this.#progress = true;
    this.#drawnAt = this.#world.now();
  }

  /** Writes what is waiting and wipes the progress. */
  finish(): void {
    this.#flush();
    this.#wipe();
  }

  /** False when the reader does not keep up. */
  #flush(): boolean {
    if (this.#lines === "") return true;
    this.#wipe();
    const lines = this.#lines;
    this.#lines = "";
    return this.#world.stdout.write(lines);
  }

  #wipe(): void {
    if (this.#progress) this.#world.stderr.write("\r\u001b[K");
    this.#progress = false;
  }
}

async function fail(error: unknown, world: World, { json, color }: Flags): Promise<number> {
  const code = error instanceof WaHookError ? (EXIT_CODES.get(error.constructor) ?? BUG) : BUG;
  if (json) {
    world.stderr.write(`${JSON.stringify({ type: "error", ...facts(error), exitCode: code })}\n`);
    return code;
  }
  const { paintFor, plain, wrap } = await import("./paint.ts");
  const paint = paintFor(world.stderr, world.env, color);
  if (error instanceof WaHookError) {
    const lines = [
      wrap(`${paint.bad("wa-hook:")} ${plain(error.message)}`, paint.width, 2),
      ...error.about.map((line) => wrap(`  ${plain(line)}`, paint.width, 2)),
      ...(error.hint === undefined ? [] : [wrap(`  ${paint.quiet("→")} ${plain(error.hint)}`, paint.width, 4)]),
    ];
    world.stderr.write(`${lines.join("\n")}\n`);
    return code;
  }
  const notice = "this is a bug in wa-hook; please report it with the lines below";
  world.stderr.write(`${paint.bad("wa-hook:")} ${notice}\n${stackOf(error)}\n`);
  return code;
}

function facts(error: unknown): object {
  if (error instanceof WaHookError) {
    const { code, message, hint, about, facts } = error;
    return { code, message, hint, ...(about.length === 0 ? {} : { about }), ...facts };
  }
  return { code: "bug", message: stackOf(error) };
}

function stackOf(error: unknown): string {
  return (error instanceof Error && error.stack) || String(error);
}
