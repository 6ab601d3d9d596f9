/** The output of a child process as lines, bounded and without control characters. */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

import { plain } from "../printable.ts";

export type StreamName = "stdout" | "stderr";

const KEPT_LINES = 20;
const MAX_LINE = 500;

export class OutputLines {
  readonly #last: string[] = [];
  readonly #onLine: (line: string, stream: StreamName) => void;
  readonly #ended: Promise<unknown>;

  constructor(
    { stdout, stderr }: Pick<ChildProcess, "stdout" | "stderr">,
    onLine: (line: string, stream: StreamName) => void = () => {},
  ) {
    this.#onLine = onLine;
    this.#ended = Promise.all([this.#read(stdout, "stdout"), this.#read(stderr, "stderr")]);
  }

  /** The last lines of stdout and stderr, in the order in which they came. */
  last(): readonly string[] {
    return [...this.#last];
  }

  /** Resolves when the output is read to its end, or after a moment: what the process started may keep it open. */
  async ended(): Promise<void> {
    await Promise.race([this.#ended, new Promise((resolve) => setTimeout(resolve, 200).unref())]);
  }

  async #read(stream: Readable | null, name: StreamName): Promise<void> {
    if (stream === null) return;
    let rest = "";
    stream.setEncoding("utf8");
    try {
      for await (const chunk of stream) {
        const lines = (rest + String(chunk)).split("\n");
        // A line without an end is not kept beyond what is shown of it.
        rest = (lines.pop() ?? "").slice(0, 2 * MAX_LINE);
        for (const line of lines) this.#add(line, name);
      }
    } catch {
      // The process has ended.
    }
    if (rest !== "") this.#add(rest, name);
  }

  #add(line: string, name: StreamName): void {
    const text = plain(stripVTControlCharacters(line.slice(0, 2 * MAX_LINE)).trimEnd()).slice(0, MAX_LINE);
    if (text === "") return;
    this.#last.push(text);
    if (this.#last.length > KEPT_LINES) this.#last.shift();
    this.#onLine(text, name);
  }
}
