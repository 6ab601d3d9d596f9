/** `import "wa-hook/jest"` in a setup file (`setupFilesAfterEnv`) or a test adds the matchers to jest's `expect`. */
import { matchers } from "./matchers.ts";

const { expect } = globalThis as { expect?: { extend(added: typeof matchers): void } };
// Without globals (`injectGlobals: false`) a test calls `expect.extend(matchers)` itself.
expect?.extend(matchers);

export type { EmulatorMatchers } from "./jest-matchers.d.ts";
export { matchers } from "./matchers.ts";
