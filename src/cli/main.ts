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
import { plain, plainData, printableJson } from "../printable.ts";
import type { AnyCommand, Notice, Printed } from "../terminal/command.ts";
import type { Paint } from "../terminal/paint.ts";
import { drained, type Output, type World } from "../terminal/world.ts";
import { globalFlags, understand, type GlobalFlags } from "./program.ts";

export { describeCommands } from "./manifest.ts";
export { realWorld } from "../terminal/world.ts";

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
  const { paintFor, wrap, written } = await import("../terminal/paint.ts");
  const screen = new Screen(world, flags, { paint: paintFor(world.stdout, world.env, flags.color), written });
  const fit = (text: string, indent: number) => wrap(text, screen.paint.width, indent);
  try {
    for await (const event of command.run(inputs, world)) {
      if (isNotice(event)) screen.show({ notice: screen.paint.quiet(noticeText(event, fit)) });
      else if (flags.json) screen.data(printableJson(event));
      else screen.show(command.print(plainData(event), screen.paint, event));
      if (screen.isDue) await screen.caughtUp();
    }
  } finally {
    screen.finish();
  }
}

function isNotice(event: object): event is Notice {
  return "type" in event && event.type === "notice";
}

/** `fit` breaks a line that is too long for the terminal, and indents what follows. */
function noticeText({ text, hint }: Notice, fit: (text: string, indent: number) => string): string {
  const start = fit(plain(text), 2);
  return hint === undefined ? start : `${start}\n${fit(`  → ${plain(hint)}`, 4)}`;
}

/** stdout and stderr as one picture: progress is wiped before anything else is written. All text passes `written` on its way. */
class Screen {
  readonly paint: Paint;
  readonly #world: World;
  readonly #quiet: boolean;
  readonly #written: (text: string) => string;
  #progress = false;
  #drawnAt = 0;
  #lines = "";
  #turnAt = performance.now();

  constructor(
    world: World,
    { quiet, json }: Flags,
    { paint, written }: { paint: Paint; written: (text: string) => string },
  ) {
    this.#world = world;
    this.#quiet = quiet || json;
    this.paint = paint;
    this.#written = written;
  }

  show(printed: Printed | undefined): void {
    if (printed === undefined) return;
    if (Array.isArray(printed)) for (const part of printed) this.show(part);
    else if (typeof printed === "string") this.data(printed);
    else if (this.#quiet) return;
    else if ("detail" in printed) for (const line of [printed.detail].flat()) this.data(line);
    else if ("notice" in printed) this.notice(printed.notice);
    else if (this.#world.stderr.isTTY === true) this.progress(printed.progress);
  }

  /** What comes within one turn of the event loop is written at once: each write is a system call. */
  data(line: string): void {
    if (this.#lines === "") setImmediate(() => this.#flush());
    this.#lines += `${this.#written(line)}\n`;
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
    this.#write(this.#world.stderr, `${this.#written(text)}\n`);
  }

  progress(text: string): void {
    this.#flush();
    if (this.#progress && this.#world.now() - this.#drawnAt < REDRAW_MS) return;
    this.#world.stderr.write(`\r\u001b[K${this.#written(text)}`);
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
    return this.#write(this.#world.stdout, lines);
  }

  /** Writes text. An open prompt is erased before and drawn again after it, with what has been typed. */
  #write(output: Output, text: string): boolean {
    const write = () => output.write(text);
    return this.#world.prompt?.interrupt(write) ?? write();
  }

  #wipe(): void {
    if (this.#progress) this.#world.stderr.write("\r\u001b[K");
    this.#progress = false;
  }
}

async function fail(error: unknown, world: World, { json, color }: Flags): Promise<number> {
  const code = error instanceof WaHookError ? (EXIT_CODES.get(error.constructor) ?? BUG) : BUG;
  if (json) {
    world.stderr.write(`${printableJson({ type: "error", ...facts(error), exitCode: code })}\n`);
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

function facts(error: unknown): object {
  if (error instanceof WaHookError) {
    const { code, message, hint, about, facts } = error;
    return { code, message, hint, ...(about.length === 0 ? {} : { about }), ...facts };
  }
  return { code: "bug", message: stackOf(error) };
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
