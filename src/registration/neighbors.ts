/** The list of this user's other folders that have registered callbacks, so that listeners can find each other's records. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { systemCode } from "../errors.ts";

/** The user's state folder, from the environment. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local, HOME: home } = env;
  if (state) return join(state, "wa-hook");
  if (local) return join(local, "wa-hook");
  return home ? join(home, ".local", "state", "wa-hook") : undefined;
}

/** One small file per folder. If it cannot be written, folders cannot find each other; everything else works. */
export class Neighbors {
  readonly #list: string | undefined;
  readonly #own: string;

  constructor(state: string | undefined, cwd: string) {
    this.#list = state === undefined ? undefined : join(state, "registrations");
    this.#own = realpathSync(cwd);
  }

  /** Call before the first entry of the folder is written. */
  add(): void {
    const list = this.#list;
    if (list === undefined) return;
    attempt(() => {
      mkdirSync(list, { recursive: true, mode: 0o700 });
      writeFileSync(join(list, nameOf(this.#own)), this.#own, { mode: 0o600, flush: true });
    });
  }

  /** Call after the last entry of the folder is deleted. */
  remove(): void {
    const list = this.#list;
    if (list !== undefined) attempt(() => rmSync(join(list, nameOf(this.#own)), { force: true }));
  }

  /** The other folders. */
  folders(): string[] {
    const list = this.#list;
    if (list === undefined) return [];
    const names = attempt(() => readdirSync(list)) ?? [];
    const folders = names.map((name) => attempt(() => readFileSync(join(list, name), "utf8")));
    return folders.filter((folder) => folder !== undefined && folder !== this.#own) as string[];
  }
}

const UNAVAILABLE = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS"]);

function attempt<Value>(access: () => Value): Value | undefined {
  try {
    return access();
  } catch (error) {
    if (UNAVAILABLE.has(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}

function nameOf(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 32);
}
