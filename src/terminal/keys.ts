/** Single keys on the terminal: read without the return key, and not echoed, so that typing leaves the output whole. */
import { isForeground } from "./foreground.ts";

export interface Keys {
  /**
   * Calls `onKey` for each key that is typed, until the result is disposed. `q` and Ctrl-C interrupt the program, and Ctrl-Z suspends it; they
   * are not forwarded.
   */
  read(onKey: (key: string) => void): Disposable;
}

const [CTRL_C, CTRL_Z, CTRL_BACKSLASH] = ["\u0003", "\u001a", "\u001c"];

/** Keys from stdin, which has to be a terminal. `signal` is that of the program. */
export function terminalKeys(signal: AbortSignal): Keys {
  return { read: (onKey) => new Reading((key) => passOn(key, onKey, signal)) };
}

function passOn(key: string, onKey: (key: string) => void, signal: AbortSignal): void {
  if (key !== "q") return onKey(key);
  // A key that is held repeats itself; only another Ctrl-C is a second interrupt.
  if (!signal.aborted) process.emit("SIGINT");
}

/** The terminal in raw mode. A background job leaves it alone: it belongs to the shell then, which would stop the job. */
class Reading implements Disposable {
  readonly #onKey: (key: string) => void;
  #isRaw = false;

  constructor(onKey: (key: string) => void) {
    this.#onKey = onKey;
    process.stdin.on("data", this.#typed).on("error", ignore).setEncoding("utf8").pause();
    process.on("SIGTSTP", this.#suspend).on("SIGCONT", this.#resume);
    this.#resume();
  }

  readonly #typed = (typed: string): void => {
    for (const key of typed) this.#control(key);
    // Several keys at once are pasted text or the sequence of one special key: none of them is meant. A key that is held repeats itself.
    if (typed !== (typed[0] ?? "").repeat(typed.length)) return;
    for (const key of typed) if (key >= " ") this.#onKey(key.toLowerCase());
  };

  /** In raw mode these keys send no signals. As with any other program, the signals go to all processes of the job. */
  #control(key: string): void {
    if (key === CTRL_C) process.emit("SIGINT");
    if (process.platform === "win32") return;
    if (key === CTRL_Z) process.kill(0, "SIGTSTP");
    if (key === CTRL_BACKSLASH) {
      this.#restore();
      process.kill(0, "SIGQUIT");
    }
  }

  /** Without a listener, the signal stops the process, unless no shell is there to continue it. */
  readonly #suspend = (): void => {
    this.#restore();
    process.off("SIGTSTP", this.#suspend);
    process.kill(process.pid, "SIGTSTP");
    setImmediate(() => {
      if (this.#isDisposed) return;
      process.on("SIGTSTP", this.#suspend);
      this.#resume();
    });
  };

  readonly #resume = (): void => {
    if (!isForeground()) {
      process.stdin.pause();
      return;
    }
    // The shell may have changed the mode since it was set, and setting the same mode again does nothing.
    process.stdin.setRawMode(false).setRawMode(true).resume();
    this.#isRaw = true;
  };

  #restore(): void {
    process.stdin.pause();
    if (this.#isRaw && isForeground()) process.stdin.setRawMode(false);
    this.#isRaw = false;
  }

  #isDisposed = false;

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    process.off("SIGTSTP", this.#suspend).off("SIGCONT", this.#resume);
    process.stdin.off("data", this.#typed);
    this.#restore();
  }
}

/** A terminal that was closed can no longer be read; its SIGHUP ends the program. */
function ignore(): void {}
