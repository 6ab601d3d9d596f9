/** People at a terminal: one who is in the test and has answers ready, and one at the built program in a real pseudo-terminal. */
import { spawnSync, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

import { expect } from "vitest";

import { main } from "../../src/cli/main.ts";
import { InterruptedError } from "../../src/errors.ts";
import { printableAsk } from "../../src/terminal/ask.ts";
import type { Ask, Validate } from "../../src/terminal/ask.ts";
import { BIN, run } from "./program.ts";
import { wordsOf, written } from "./transcript.ts";
import { temporaryFolder, testWorld, type TestWorld } from "./world.ts";

export const CTRL_C = Symbol("Ctrl-C");
/** A part of the question, and the answer: of a choice a part of its name. */
export type Reply = [question: string, answer: string | boolean | typeof CTRL_C];

/** A person who gives these answers; the questions and what becomes of each answer go to stderr, where a terminal has them. */
export function person(replies: readonly Reply[], { stderr }: TestWorld): Ask {
  const left = [...replies];
  const reply = (question: string) => {
    const [part, answer] = left.shift() ?? [];
    if (part === undefined || answer === undefined) throw new Error(`nobody expected: ${question}`);
    expect(question).toContain(part);
    if (answer === CTRL_C) throw new InterruptedError("stopped at a question", { code: "ask.interrupted" });
    return answer;
  };
  const typed = (question: string, validate: Validate | undefined, shown: (answer: string) => string) => {
    for (;;) {
      const answer = String(reply(question));
      stderr.write(`? ${question} ${shown(answer)}\n`);
      const problem = validate?.(answer);
      if (problem === undefined) return answer;
      stderr.write(`> ${problem}\n`);
    }
  };
  return {
    choose: async (question, choices) => {
      const wanted = String(reply(question));
      const chosen = choices.find(({ name }) => name.includes(wanted));
      stderr.write(`? ${question}\n${choices.map((each) => `${each === chosen ? "❯" : " "} ${each.name}\n`).join("")}`);
      if (chosen === undefined) throw new Error(`${wanted} is not offered`);
      return chosen.value;
    },
    text: async (question, { initial = "", validate } = {}) =>
      typed(question, validate, (answer) => (initial === "" ? answer : `[${initial}] ${answer}`)),
    secret: async (question, { validate } = {}) => typed(question, validate, (answer) => (answer === "" ? "" : "****")),
    confirm: async (question, initial) => {
      const answer = reply(question) === true;
      stderr.write(`? ${question} (${initial ? "Y/n" : "y/N"}) ${answer ? "Yes" : "No"}\n`);
      return answer;
    },
  };
}

interface Place {
  cwd?: string;
  env?: Record<string, string>;
}

export async function asked(line: string, replies: readonly Reply[], { cwd = temporaryFolder(), env = {} }: Place) {
  const world = testWorld({ cwd, env });
  const code = await main(wordsOf(line), { ...world, ask: printableAsk(person(replies, world)) });
  return { seen: written(line, world.stdout.text, world.stderr.text, code, cwd), code, cwd };
}

/** Of util-linux: it makes the pseudo-terminal. */
const SCRIPT = "script";

export const hasPty = /util-linux/.test(String(spawnSync(SCRIPT, ["--version"]).stdout));

export interface Pty {
  /** Resolves when the screen shows all of it, in this order, at or below the question that was answered last. */
  shows(...texts: string[]): Promise<void>;
  /** Types it and the return key. What a person sees before is kept as a screen; `as` stands there for a secret. */
  enter(text: string, as?: string): void;
  /** The same without the return key. */
  type(text: string, as: string): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** What the screen shows now. */
  lines(): string[];
  /** All screens, each with what was typed at it, and how the program ended. */
  recording(): Promise<string>;
}

const COLUMNS = 80;

/** wa-hook itself, on a terminal of 80 columns. */
export function waHookInTerminal(args: readonly string[], options: SpawnOptions): Pty {
  return inTerminal([process.execPath, BIN, ...args], options);
}

/** A program on a terminal of 80 columns. */
export function inTerminal(words: readonly string[], options: SpawnOptions): Pty {
  const command = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const inside = `stty cols ${COLUMNS} rows 40; exec ${command}`;
  const { process: child, stdout, exit } = run([SCRIPT, "-qfec", inside, "/dev/null"], options);
  const screen = () => new Screen(stdout.text);
  const recorded: string[] = [];
  // Where the question begins, and how far the screens are written down.
  let [question, from] = [0, 0];
  const record = (typed: string) => {
    const { lines, row } = screen();
    recorded.push(lines.slice(from).join("\n").trimEnd(), typed);
    from = Math.min(question, row);
  };
  const type = (keys: string, shown: string) => {
    record(`    ⌨ ${shown}`);
    child.stdin?.write(keys);
  };
  return {
    async shows(...texts) {
      for (;;) {
        const { lines } = screen();
        // The screen was cleared.
        if (lines.length <= from) [question, from] = [0, 0];
        const found = rowOf(texts, lines, from);
        if (found !== undefined) {
          question = found;
          return;
        }
        const ended = await Promise.race([once(child.stdout as Readable, "data"), exit]);
        if (!Array.isArray(ended)) throw new Error(`it ended (${ended}) without ${texts.join(" … ")}:\n${stdout.text}`);
      }
    },
    type,
    enter: (text, as = text) => type(`${text}\r`, `${as} ⏎`),
    interrupt: () => type("\u0003", "Ctrl-C"),
    lines: () => screen().lines,
    async recording() {
      const code = await exit;
      record(`exit ${code}`);
      return `${recorded.join("\n").replaceAll(/ +$/gm, "")}\n`;
    },
  };
}

/** The row of the last of these texts, which have to come in this order; nothing when one is not there. */
function rowOf(texts: readonly string[], lines: readonly string[], from: number): number | undefined {
  let row: number = from;
  for (const text of texts) {
    row = lines.findIndex((line, index) => index >= row && line.includes(text));
    if (row === -1) return undefined;
  }
  return row;
}

/** What output looks like on a terminal that never scrolls. Knows the controls that prompts use, and throws at any other. */
class Screen {
  readonly #cells: (string | undefined)[][] = [[]];
  row = 0;
  #column = 0;

  constructor(output: string) {
    // A sequence that is not complete yet is left for the next look.
    // eslint-disable-next-line no-control-regex
    for (const [token, parameters, command] of output.matchAll(
      /\u001b\[([?\d;]*)([A-Za-z])|\u001b\[[?\d;]*$|\u001b$|[^]/gu,
    )) {
      if (command !== undefined) this.#control(command, parameters ?? "");
      else if (token === "\r") this.#column = 0;
      else if (token === "\n") this.#down(1);
      else if (token === "\b") this.#column = Math.max(0, this.#column - 1);
      else if (!token.startsWith("\u001b") && token !== "\u0007") this.#write(token);
    }
  }

  get lines(): string[] {
    return this.#cells.map((cells) => Array.from(cells, (cell = " ") => cell).join(""));
  }

  get #line(): (string | undefined)[] {
    return this.#cells[this.row] ?? [];
  }

  #write(character: string): void {
    if (this.#column >= COLUMNS) {
      this.#down(1);
      this.#column = 0;
    }
    this.#line[this.#column++] = character;
  }

  #down(count: number): void {
    this.row += count;
    while (this.#cells.length <= this.row) this.#cells.push([]);
  }

  #control(command: string, parameters: string): void {
    const count = Number(parameters.split(";")[0]) || 1;
    if (command === "A") this.row = Math.max(0, this.row - count);
    else if (command === "B") this.#down(count);
    else if (command === "C") this.#column += count;
    else if (command === "D") this.#column = Math.max(0, this.#column - count);
    else if (command === "G") this.#column = count - 1;
    else if (command === "K") this.#line.splice(parameters === "2" ? 0 : this.#column);
    else if (command === "H") [this.row, this.#column] = [0, 0];
    else if (command === "J" && parameters === "2") this.#cells.splice(0, Infinity, []);
    else if (command === "J") {
      this.#line.splice(this.#column);
      this.#cells.splice(this.row + 1);
    } else if (!/[mhl]/.test(command)) throw new Error(`a control that is not known: ${parameters}${command}`);
  }
}
