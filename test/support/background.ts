/** A command that runs in the background of a test, as in another terminal. */
import { PassThrough } from "node:stream";

import { main } from "../../src/cli/main.ts";
import { wordsOf, written } from "./transcript.ts";
import { testWorld, type TestWorldOptions } from "./world.ts";

export interface Terminal {
  port: number;
  /** Resolves when stdout or stderr shows it. */
  shows(text: string | RegExp): Promise<unknown>;
  /** A line and the return key. */
  type(line: string): void;
  /** Ctrl-C; resolves with everything that was seen. */
  stop(): Promise<string>;
}

const READY = /http:\/\/127\.0\.0\.1:(\d+)/;

/** `line` starts something that tells its address on 127.0.0.1 when it is ready. */
export async function inBackground(line: string, options: TestWorldOptions): Promise<Terminal> {
  const stdin = new PassThrough();
  const world = { ...testWorld(options), stdin };
  const exit = main(wordsOf(line), world);
  const ready = await Promise.race([world.stderr.until(READY), world.stdout.until(READY), exit]);
  if (typeof ready === "number") throw new Error(`${line} ended with ${ready}: ${world.stderr.text}`);
  return {
    port: Number(ready[1]),
    shows: (text) => Promise.race([world.stdout.until(text), world.stderr.until(text)]),
    type: (typed) => stdin.write(`${typed}\n`),
    async stop() {
      world.stop();
      const code = await exit;
      return written(line.replace(" --port 0", ""), world.stdout.text, world.stderr.text, code, world.cwd);
    },
  };
}
