/** The seed of the emulated account of one working folder: generated once, so that the settings of an app stay valid. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";

import { createFileOnce } from "../durable-file.ts";
import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { requireOwn } from "../owned-file.ts";
import { makeFolder } from "./folder.ts";

/** Relative to the working folder. */
const EMULATOR_FILE = ".wa-hook/emulator.env";
const NAME = "EMULATOR_SEED";

/** The seed saved in the folder (0600), generated if missing. Throws a `UsageError` when it cannot be read or written. */
export function emulatorSeed(cwd: string): string {
  const file = join(cwd, EMULATOR_FILE);
  const known = readSeed(file);
  if (known !== undefined) return known;
  makeFolder(cwd);
  const seed = randomBytes(16).toString("hex");
  const about =
    "# The ids and the token of the emulated account are derived from this seed. Without it, new ones are generated.";
  try {
    createFileOnce(file, `${about}\n${NAME}=${seed}\n`);
  } catch (error) {
    throw unusable(`cannot be written: ${reasonOf(error)}`, error);
  }
  return readSeed(file) ?? seed;
}

function readSeed(file: string): string | undefined {
  requireOwn(dirname(file));
  requireOwn(file, { secret: true });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw unusable(`cannot be read: ${reasonOf(error)}`, error);
  }
  const seed = parseEnv(text)[NAME]?.trim();
  // A short seed could be guessed, and with it the token of the account.
  if (seed !== undefined && seed.length >= 16) return seed;
  throw unusable(`has no ${NAME} of at least 16 characters`);
}

function unusable(what: string, cause?: unknown): UsageError {
  return new UsageError(`${EMULATOR_FILE} ${what}`, {
    code: "folder.emulator-seed",
    hint: "delete it to generate a new one, or use --seed",
    cause,
  });
}
