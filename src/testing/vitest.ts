/** `import "wa-hook/vitest"` in a setup file or a test adds the matchers to vitest's `expect`. */
import { expect } from "vitest";

import type { EmulatorMatchers } from "./emulator-matchers.ts";
import { matchers } from "./matchers.ts";

declare module "vitest" {
  // oxlint-disable-next-line no-unused-vars -- the parameters of merged declarations are identical
  interface Matchers<T> extends EmulatorMatchers {}
}

expect.extend(matchers);

export type { EmulatorMatchers } from "./emulator-matchers.ts";
export { matchers } from "./matchers.ts";
