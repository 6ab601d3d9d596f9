/** What the build writes beside the bundle, so that starting does not compute it. */
import { readFileSync } from "node:fs";

import { systemCode } from "./errors.ts";

/** The content of a file in `dist/`; undefined when this does not run from a build, because there is none beside the sources. */
export function readBuilt<Content>(file: string): Content | undefined {
  try {
    return read<Content>(new URL(file, import.meta.url));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The content of a file of the package, for code that runs from a build. */
export function readPackaged<Content>(file: string): Content {
  return read<Content>(new URL(`../${file}`, import.meta.url));
}

function read<Content>(file: URL): Content {
  return JSON.parse(readFileSync(file, "utf8")) as Content;
}
