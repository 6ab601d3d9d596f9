/** A prompt on the terminal: line editing, history and completion, while other output is written above it. */

interface PromptOptions {
  /** What Tab completes a line to. */
  completions: readonly string[];
}

export interface Prompt {
  /** Shows the prompt and yields each line. Ctrl-C and Ctrl-D stop the program; the lines end with its signal. */
  lines(options: PromptOptions): AsyncIterable<string>;
  /** Calls `write` with the prompt erased, then draws it again with what has been typed. Without an open prompt, it only calls `write`. */
  interrupt<Result>(write: () => Result): Result;
}

interface Line {
  erase(): void;
  redraw(): void;
}

/** A prompt on stdin and stderr, so that stdout can still be redirected. */
export function terminalPrompt(signal: AbortSignal): Prompt {
  let open: Line | undefined;
  return {
    async *lines({ completions }) {
      // Loaded on use, because most commands have no prompt.
      const { clearScreenDown, createInterface, cursorTo, moveCursor } = await import("node:readline");
      if (signal.aborted) return;
      const output = process.stderr;
      const editor = createInterface({
        input: process.stdin,
        output,
        prompt: "> ",
        completer: (line: string) => [line === "" ? [] : completions.filter((each) => each.startsWith(line)), line],
      });
      // A long line spans several rows.
      const erase = () => {
        moveCursor(output, 0, -editor.getCursorPos().rows);
        cursorTo(output, 0);
        clearScreenDown(output);
      };
      const redraw = () => {
        // `prompt` moves up by the rows of the line as it was drawn last.
        output.write("\n".repeat(editor.getCursorPos().rows));
        editor.prompt(true);
      };
      const stop = () => {
        if (open !== undefined) erase();
        open = undefined;
        editor.close();
      };
      signal.addEventListener("abort", stop, { once: true });
      // The terminal is in raw mode, so Ctrl-C arrives as a key and not as a signal. Ctrl-D closes the editor.
      editor.on("SIGINT", () => process.emit("SIGINT"));
      editor.on("close", () => signal.aborted || process.emit("SIGINT"));
      open = { erase, redraw };
      editor.prompt();
      for await (const line of editor) {
        yield line;
        if (!signal.aborted) editor.prompt(true);
      }
    },
    interrupt(write) {
      if (open === undefined) return write();
      open.erase();
      try {
        return write();
      } finally {
        open.redraw();
      }
    },
  };
}
