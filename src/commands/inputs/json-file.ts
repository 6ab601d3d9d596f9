/** A JSON object from a file or from standard input, as a command takes it. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

import { reasonOf, UsageError } from "../../errors.ts";
import { asJsonObject, type JsonObject } from "../../json.ts";
import type { World } from "../../terminal/world.ts";

/** For the error: its code, and what the file should be. */
interface Expected {
  code: string;
  hint: string;
  /** When the file is JSON, but no object. Default: `hint`. */
  objectHint?: string;
}

/** Reads the file, or standard input for `-`. Throws a `UsageError` when it is not a JSON object. */
export async function readJsonFile(
  file: string,
  { cwd, stdin }: Pick<World, "cwd" | "stdin">,
  { code, hint, objectHint = hint }: Expected,
): Promise<JsonObject> {
  const name = file === "-" ? "standard input" : file;
  try {
    const read: unknown = JSON.parse(file === "-" ? await text(stdin) : readFileSync(resolve(cwd, file), "utf8"));
    const object = asJsonObject(read);
    if (object !== undefined) return object;
  } catch (cause) {
    const what = cause instanceof SyntaxError ? "is not valid JSON" : "cannot be read";
    throw new UsageError(`${name} ${what}: ${reasonOf(cause)}`, { code, hint, cause });
  }
  throw new UsageError(`${name} is not a JSON object`, { code, hint: objectHint });
}
