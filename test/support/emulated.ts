/** An emulator for one test, and the settings that lead to it. */
import { onTestFinished } from "vitest";

import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { startEmulator, type Emulator } from "../../src/emulator/server.ts";

/** With a seed, so that ids and tokens are the same in every run. */
export async function emulated(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ seed: "test", ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}
