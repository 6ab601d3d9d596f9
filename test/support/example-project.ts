/** An example project of `test/apps/examples`, in a copy of all of them, with packages as if they were installed. */
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import { temporaryFolder } from "./world.ts";

/** The folder of the example. `packages` are linked from `from`; wa-hook is the built one. */
export function exampleProject(name: string, packages: readonly string[], from = "node_modules"): string {
  const folder = temporaryFolder();
  cpSync("test/apps/examples", folder, { recursive: true });
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@jest"), { recursive: true });
  symlinkSync(resolve("."), join(modules, "wa-hook"), "junction");
  for (const each of packages) symlinkSync(resolve(from, each), join(modules, each), "junction");
  return join(folder, name);
}

/** The environment without the settings of the runner that runs this: a runner inside it must not take them. */
export function outsideRunner(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|NODE_OPTIONS|NODE_TEST_CONTEXT|TEST$)/.test(name),
  );
  return Object.fromEntries(own);
}
