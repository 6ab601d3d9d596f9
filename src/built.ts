/** What the build writes beside the bundle, so that starting does not compute it. */
import { readFileSync } from "node:fs";

import { systemCode } from "./errors.ts";

/** The content of a file in `dist/`; undefined when this does not run from a build, because there is none beside the sources. */
export function readBuilt(file: string): unknown {
  try {
    return read(new URL(file, import.meta.url));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The content of a file of the package, for code that runs from a build. */
export function readPackaged(file: string): unknown {
  return read(new URL(`../${file}`, import.meta.url));
}

function read(file: URL): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
