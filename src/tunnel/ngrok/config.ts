/** The ngrok agent's own settings file, read and never written. Layouts 2 and 3: https://ngrok.com/docs/agent/config. */
import { readFile } from "node:fs/promises";
import { posix, win32 } from "node:path";

import { reasonOf, systemCode, UsageError } from "../../errors.ts";

/** What is used of it, in the form in which `openNgrok` takes it. */
export interface NgrokConfig {
  path: string;
  authtoken?: string;
  /** Of the endpoint, when just one is defined. */
  domain?: string;
  connectUrl?: string;
  connectCas?: string;
}

export interface NgrokWorld {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  home: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Undefined when there is none. Throws a `UsageError` that names the file when it cannot be read. */
export async function findNgrokConfig(world: NgrokWorld): Promise<NgrokConfig | undefined> {
  for (const path of ngrokConfigPaths(world)) {
    const text = await readText(path);
    if (text !== undefined) return read(path, text, world);
  }
  return undefined;
}

/** Where the agent would look, in its order. */
export function ngrokConfigPaths({ env, platform, home }: NgrokWorld): string[] {
  const { join, isAbsolute } = platform === "win32" ? win32 : posix;
  const old = join(home, ".ngrok2", "ngrok.yml");
  if (platform === "win32") {
    return [join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "ngrok", "ngrok.yml"), old];
  }
  if (platform === "darwin") return [join(home, "Library", "Application Support", "ngrok", "ngrok.yml"), old];
  const { XDG_CONFIG_HOME: configured = "" } = env;
  const plain = join(home, ".config");
  const folders = isAbsolute(configured) && configured !== plain ? [configured, plain] : [plain];
  return [...folders.map((folder) => join(folder, "ngrok", "ngrok.yml")), old];
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw unusable(path, error);
  }
}

async function read(path: string, text: string, world: NgrokWorld): Promise<NgrokConfig> {
  const { agent, domain } = await layoutOf(path, text);
  const authtoken = textOf(agent["authtoken"]);
  const connectUrl = textOf(agent["connect_url"] ?? agent["server_addr"]);
  const connectCas = await certificates(textOf(agent["connect_cas"] ?? agent["root_cas"]), path, world);
  return {
    path,
    ...(authtoken === undefined ? {} : { authtoken }),
    ...(domain === undefined ? {} : { domain }),
    ...(connectUrl === undefined ? {} : { connectUrl }),
    ...(connectCas === undefined ? {} : { connectCas }),
  };
}

async function layoutOf(path: string, text: string): Promise<{ agent: Json; domain: string | undefined }> {
  const { parse } = await import("yaml");
  try {
    const whole = mapOf(parse(text, { logLevel: "error" }));
    return { agent: "agent" in whole ? mapOf(whole["agent"]) : whole, domain: domainOf(whole) };
  } catch (error) {
    throw unusable(path, error);
  }
}

async function certificates(which: string | undefined, config: string, world: NgrokWorld): Promise<string | undefined> {
  if (which === undefined || which === "trusted" || which === "host") return which === "trusted" ? undefined : which;
  const { resolve, dirname } = world.platform === "win32" ? win32 : posix;
  const path = resolve(dirname(config), which);
  const text = await readText(path);
  if (text !== undefined) return text;
  throw new UsageError(`${config} names certificates in ${path}, and there is no such file`, {
    code: "tunnel.ngrok-config",
    hint: "name them in NGROK_CONNECT_CAS, or mend the file",
  });
}

/** With several it would be a guess. */
function domainOf(whole: Json): string | undefined {
  const { endpoints = [], tunnels = {} } = whole;
  const all = [...(Array.isArray(endpoints) ? (endpoints as unknown[]) : []), ...Object.values(mapOf(tunnels))];
  if (all.length !== 1) return undefined;
  const only = mapOf(all[0]);
  const name = textOf(only["url"] ?? only["domain"] ?? only["hostname"]);
  return name === undefined || /^(?:tcp|tls):|\.internal$/.test(name) ? undefined : name.replace(/^https?:\/\//, "");
}

/** The parser's words show the line, which may hold the token: only where and what is told. */
function unusable(path: string, error: unknown): UsageError {
  const reason = reasonOf(error).replace(/:?\r?\n[^]*/, "");
  return new UsageError(`ngrok's settings file ${path} cannot be read: ${reason}`, {
    code: "tunnel.ngrok-config",
    hint: "mend it, ngrok config check says where, or set NGROK_AUTHTOKEN and move it away",
  });
}

function mapOf(value: unknown): Json {
  if (value === null || value === undefined) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Json;
  throw new Error("it is no list of settings");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
