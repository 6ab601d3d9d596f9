/** Types of the matchers for jest: for `expect` of `@jest/globals`, and for the global one of `@types/jest`. */
import type { EmulatorMatchers } from "./emulator-matchers.ts";

declare module "expect" {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends EmulatorMatchers {}
}

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends EmulatorMatchers {}
  }
}

export type { EmulatorMatchers } from "./emulator-matchers.ts";
