/** Which other folders of this user have registered callbacks: a folder's record says what it owes, and this list says where the records are. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { systemCode } from "../errors.ts";

/** The user's folder for state; nothing when the environment names none. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local, HOME: home } = env;
  if (state) return join(state, "wa-hook");
  if (local) return join(local, "wa-hook");
  return home ? join(home, ".local", "state", "wa-hook") : undefined;
}

/** The list, a small file per folder. Where it cannot be written, folders do not know of each other, and nothing else changes. */
export class Neighbors {
  readonly #list: string | undefined;
  readonly #own: string;

  constructor(state: string | undefined, cwd: string) {
    this.#list = state === undefined ? undefined : join(state, "registrations");
    this.#own = realpathSync(cwd);
  }

  /** Before the folder's first entry is written. */
  add(): void {
    const list = this.#list;
    if (list === undefined) return;
    attempt(() => {
      mkdirSync(list, { recursive: true, mode: 0o700 });
      writeFileSync(join(list, nameOf(this.#own)), this.#own, { mode: 0o600, flush: true });
    });
  }

  /** After the folder's last entry has gone. */
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
