/** The files of a key pair for Flows, in `.wa-hook` or another folder. */
import { generateKeyPair } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";

import { createFileOnce, replaceFile } from "../../durable-file.ts";
import { reasonOf, systemCode, UsageError } from "../../errors.ts";
import { KEY_BITS, publicKeyOf } from "../../flows/encryption.ts";
import { requireOwn } from "../../owned-file.ts";
import { FOLDER, makeFolder } from "../../store/folder.ts";

export interface KeyFiles {
  privateFile: string;
  publicFile: string;
}

export function keyFilesIn(cwd: string, out: string | undefined): KeyFiles {
  const folder = resolve(cwd, out ?? FOLDER);
  return { privateFile: join(folder, "flow-private.pem"), publicFile: join(folder, "flow-public.pem") };
}

/** A path for people: relative to the working folder. */
export function shownPath(cwd: string, file: string): string {
  return relative(cwd, file) || file;
}

/** Which of the files exists; undefined when none does. */
export function existing({ privateFile, publicFile }: KeyFiles): string | undefined {
  return [privateFile, publicFile].find((file) => existsSync(file));
}

/** Creates a pair; the private key is readable by this user only (0600), and encrypted when there is a pass phrase. */
export async function createKeyFiles(cwd: string, files: KeyFiles, passphrase: string | undefined): Promise<void> {
  const { privateFile, publicFile } = files;
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: KEY_BITS });
  const encryption = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const folder = dirname(privateFile);
  try {
    if (folder === resolve(cwd, FOLDER)) makeFolder(cwd);
    else mkdirSync(folder, { recursive: true, mode: 0o700 });
    requireOwn(folder);
    const write = existing(files) === undefined ? createFileOnce : replaceFile;
    write(privateFile, privateKey.export({ type: "pkcs8", format: "pem", ...encryption }).toString());
    write(publicFile, publicKey.export({ type: "spki", format: "pem" }).toString());
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`cannot write the keys to ${folder}: ${reasonOf(cause)}`, {
      code: "flow.keys-unwritable",
      hint: "name a writable folder: --out <folder>",
      cause,
    });
  }
}

/** Reads a key. Throws a `UsageError` when it cannot be read. */
export function readKeyFile(cwd: string, file: string): string {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch (cause) {
    throw new UsageError(`the key ${file} cannot be read: ${reasonOf(cause)}`, {
      code: "flow.key-unreadable",
      hint: "name a file in PEM format, or create a pair with wa-hook flow keys",
      cause,
    });
  }
}

/** The public key that `flow keys` has written in this folder, if any. */
export function ownPublicKey(cwd: string): { pem: string; source: string } | undefined {
  const { publicFile } = keyFilesIn(cwd, undefined);
  try {
    const pem = readFileSync(publicFile, "utf8");
    publicKeyOf(pem);
    return { pem, source: shownPath(cwd, publicFile) };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
