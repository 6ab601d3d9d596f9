/** stdout and stderr as one picture: what is printed, the progress line below it, an open prompt. */
import type { Printed } from "../terminal/command.ts";
import type { Paint } from "../terminal/paint.ts";
import { drained, type Output, type World } from "../terminal/world.ts";

const REDRAW_MS = 80;
/** So many characters, or so long without a turn of the event loop, and what came is written before more is made. */
const WRITE_AT = 65_536;
const TURN_MS = 50;

/** stdout and stderr as one picture: progress is wiped before anything else is written. All text passes `written` on its way. */
export class Screen {
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
    { quiet, json }: { quiet: boolean; json: boolean },
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
    else if ("clear" in printed) this.clear();
    else if ("bytes" in printed) this.bytes(printed.bytes);
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

  /** Unchanged for a file or a pipe; a terminal gets text. */
  bytes(bytes: Uint8Array): void {
    if (this.#world.stdout.isTTY === true) return this.data(Buffer.from(bytes).toString("utf8"));
    this.finish();
    this.#write(this.#world.stdout, bytes);
  }

  /** Whether a command that makes its events without waiting has to wait now: for the reader, for Ctrl-C. */
  get isDue(): boolean {
    return this.#lines.length >= WRITE_AT || performance.now() - this.#turnAt > TURN_MS;
  }

  /** Writes what is waiting; resolves when its reader has read it. */
  async caughtUp(): Promise<void> {
    if (!this.#flush()) await drained(this.#world.stdout, this.#world.signal);
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnAt = performance.now();
  }

  notice(text: string): void {
    this.finish();
    this.#write(this.#world.stderr, `${this.#written(text)}\n`);
  }

  /** Empties the screen; what has scrolled away stays. */
  clear(): void {
    this.finish();
    this.#write(this.#world.stdout, "\u001b[2J\u001b[H");
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
  #write(output: Output, text: string | Uint8Array): boolean {
    const write = () => output.write(text);
    return this.#world.prompt?.interrupt(write) ?? write();
  }

  #wipe(): void {
    if (this.#progress) this.#world.stderr.write("\r\u001b[K");
    this.#progress = false;
  }
}
