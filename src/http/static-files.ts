/** The files of a page, read once from one folder without subfolders: what is not in it by its exact name is not served. */
import { readdirSync, readFileSync } from "node:fs";

import { systemCode } from "../errors.ts";

export interface StaticFile {
  contentType: string;
  bytes: Buffer;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["html", "text/html; charset=utf-8"],
  ["js", "text/javascript; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["svg", "image/svg+xml"],
  ["png", "image/png"],
]);

/** By name. Empty when there is no such folder. */
export function readStaticFiles(folder: URL): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const name of namesIn(folder)) {
    const contentType = TYPES.get(name.slice(name.lastIndexOf(".") + 1));
    if (contentType !== undefined) files.set(name, { contentType, bytes: readFileSync(new URL(name, folder)) });
  }
  return files;
}

function namesIn(folder: URL): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
