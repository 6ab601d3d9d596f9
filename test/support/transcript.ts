/** Runs command lines in-process and writes down what a person would see, for golden files. */
import { main } from "../../src/cli/main.ts";
import { testWorld, type TestWorldOptions } from "./world.ts";

/** What was typed, what came on stdout, then on stderr, and the exit code. */
export async function transcript(line: string, options: TestWorldOptions = {}): Promise<string> {
  const world = testWorld(options);
  const code = await main(wordsOf(line), world);
  return written(line, world.stdout.text, world.stderr.text, code, world.cwd);
}

export function written(line: string, stdout: string, stderr: string, code: number, cwd: string): string {
  const errors = stderr
    .split("\n")
    .filter((each) => each !== "")
    .map((each) => `(stderr) ${each}\n`);
  return settled(`$ wa-hook ${line}\n${stdout}${errors.join("")}exit ${code}\n`, cwd);
}

/** The same text on every machine and at every time. */
export function settled(text: string, cwd: string): string {
  return (
    text
      .replaceAll(cwd, "~")
      // Newer versions of Node.js say more.
      .replaceAll(/ \(line \d+ column \d+\)/g, "")
      .replaceAll(/\b\d+(\.\d+)? (ms|s)(?![a-z])/g, "N ms")
      .replaceAll(/ +(?=N ms)/g, " ")
      .replaceAll(/\d+\/s\b/g, "N/s")
      .replaceAll(/\b\d\d:\d\d:\d\d\b/g, "12:00:00")
      .replaceAll(/\b20\d\d-\d\d-\d\d\b/g, "2026-08-01")
      .replaceAll(/(?<=127\.0\.0\.1:|localhost:|--port |--to |--forward-to |--webhook |port )\d{4,5}\b/g, "PORT")
      .replaceAll(/(?<=(?:secret|token) +)[\w-]{4}…/gi, "abcd…")
  );
}

/** Splits as a shell does, for the quotes that the transcripts need. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}
