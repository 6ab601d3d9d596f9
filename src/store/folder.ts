/** The folder `.wa-hook`: the recorded deliveries and the development secrets of one working folder, out of git's sight. */
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { reasonOf, systemCode, UsageError } from "../errors.ts";

export const FOLDER = ".wa-hook";

/** Where deliveries are recorded, relative to the working folder. */
export const STORE_FILE = `${FOLDER}/events.db`;

/** What was registered at Meta from here. */
export const REGISTRATION_FILE = `${FOLDER}/registration.json`;

/** Makes the folder (0700) when it is not there, ignored by git through a file of its own. */
export function makeFolder(cwd: string): void {
  const folder = join(cwd, FOLDER);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, ".gitignore"), "*\n", { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw new UsageError(`${folder} cannot be made: ${reasonOf(error)}`, {
      code: "folder.unwritable",
      hint: "run wa-hook in a folder that you may write to, or name a store with --store and set WHATSAPP_APP_SECRET",
      cause: error,
    });
  }
}

export interface DevelopmentSecrets {
  appSecret: string;
  verifyToken: string;
}

/** Where they are kept, relative to the working folder: an env file that an app can load as it is. */
export const DEVELOPMENT_FILE = `${FOLDER}/development.env`;

/** The secrets that were made here before, if any. */
export function knownDevelopmentSecrets(cwd: string): DevelopmentSecrets | undefined {
  return readSecrets(join(cwd, DEVELOPMENT_FILE));
}

/** The secrets that stand in while nothing is set: made once, kept with mode 0600, the same for `listen` and `replay`. */
export function developmentSecrets(cwd: string): DevelopmentSecrets {
  const file = join(cwd, DEVELOPMENT_FILE);
  return readSecrets(file) ?? makeSecrets(cwd, file);
}

function readSecrets(file: string): DevelopmentSecrets | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`, {
      code: "folder.unreadable",
      hint: "make it readable, or set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN",
      cause: error,
    });
  }
  const { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = parseEnv(text) as Record<
    string,
    string | undefined
  >;
  if (appSecret && verifyToken) return { appSecret, verifyToken };
  throw new UsageError(`${file} does not hold both WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN`, {
    code: "folder.incomplete",
    hint: "delete it to have it made again",
  });
}

function makeSecrets(cwd: string, file: string): DevelopmentSecrets {
  makeFolder(cwd);
  const appSecret = randomBytes(16).toString("hex");
  const verifyToken = randomBytes(18).toString("base64url");
  const text = [
    "# Made by wa-hook for development, because no app secret was set. Meta does not know these.",
    "# Give them to your app too: node --env-file=.wa-hook/development.env app.js",
    `WHATSAPP_APP_SECRET=${appSecret}`,
    `WHATSAPP_VERIFY_TOKEN=${verifyToken}`,
    "",
  ].join("\n");
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, text, { flag: "wx", mode: 0o600 });
  try {
    // Linking fails when another process was faster, so two that start together agree.
    linkSync(draft, file);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return readSecrets(file) ?? { appSecret, verifyToken };
}
