/** `wa-hook listen` running in the background of a test, as in another terminal. */
import { inBackground, type Terminal } from "./background.ts";
import type { TestWorldOptions } from "./world.ts";

export function listenInBackground(flags: string, options: TestWorldOptions): Promise<Terminal> {
  return inBackground(`listen --port 0 ${flags}`.trim(), options);
}
