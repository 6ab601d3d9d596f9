/** `wa-hook listen` running in the background of a test, as in another terminal. */
import { main } from "../../src/cli/main.ts";
import { written } from "./transcript.ts";
import { testWorld, type TestWorldOptions } from "./world.ts";

export interface Terminal {
  port: number;
  /** Resolves when stdout or stderr shows it. */
  shows(text: string | RegExp): Promise<unknown>;
  /** Ctrl-C; resolves with everything that was seen. */
  stop(): Promise<string>;
}

export async function listenInBackground(flags: string, options: TestWorldOptions): Promise<Terminal> {
  const world = testWorld(options);
  const exit = main(["listen", "--port", "0", ...flags.split(" ").filter(Boolean)], world);
  const ready = await Promise.race([
    world.stderr.until(/http:\/\/127\.0\.0\.1:(\d+)/),
    world.stdout.until(/http:\/\/127\.0\.0\.1:(\d+)/),
    exit,
  ]);
  if (typeof ready === "number") throw new Error(`listen ended with ${ready}: ${world.stderr.text}`);
  return {
    port: Number(ready[1]),
    shows: (text) => Promise.race([world.stdout.until(text), world.stderr.until(text)]),
    async stop() {
      world.stop();
      const code = await exit;
      return written(`listen ${flags}`.trim(), world.stdout.text, world.stderr.text, code, world.cwd);
    },
  };
}
