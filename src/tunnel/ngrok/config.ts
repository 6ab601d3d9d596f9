/** The ngrok agent's config file, read-only. Versions 2 and 3 of its format: https://ngrok.com/docs/agent/config. */
import { readFile } from "node:fs/promises";
import { posix, win32 } from "node:path";

import { reasonOf, systemCode, UsageError } from "../../errors.ts";

/** The settings that wa-hook uses, in the form that `openNgrok` accepts. */
export interface NgrokConfig {
  path: string;
  authtoken?: string;
  /** Domain of the endpoint, if exactly one endpoint is defined. */
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

/** Undefined without a file. Throws a `UsageError` that names the file when it cannot be read or parsed. */
export async function findNgrokConfig(world: NgrokWorld): Promise<NgrokConfig | undefined> {
  for (const path of ngrokConfigPaths(world)) {
    const text = await readText(path);
    if (text !== undefined) return readConfig(path, text, world);
  }
  return undefined;
}

/** The paths that the agent searches, in its order. */
export function ngrokConfigPaths({ env, platform, home }: NgrokWorld): string[] {
  const { join, isAbsolute } = platform === "win32" ? win32 : posix;
  const legacy = join(home, ".ngrok2", "ngrok.yml");
  if (platform === "win32") {
    return [join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "ngrok", "ngrok.yml"), legacy];
  }
  if (platform === "darwin") return [join(home, "Library", "Application Support", "ngrok", "ngrok.yml"), legacy];
  const { XDG_CONFIG_HOME: configured = "" } = env;
  const standard = join(home, ".config");
  const folders = isAbsolute(configured) && configured !== standard ? [configured, standard] : [standard];
  return [...folders.map((folder) => join(folder, "ngrok", "ngrok.yml")), legacy];
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw unreadable(path, error);
  }
}

async function readConfig(path: string, text: string, world: NgrokWorld): Promise<NgrokConfig> {
  const { agent, domain } = await parseConfig(path, text);
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

async function parseConfig(path: string, text: string): Promise<{ agent: Json; domain: string | undefined }> {
  const { parse } = await import("yaml");
  try {
    const root = mapOf(parse(text, { logLevel: "error" }));
    return { agent: "agent" in root ? mapOf(root["agent"]) : root, domain: domainOf(root) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function certificates(value: string | undefined, config: string, world: NgrokWorld): Promise<string | undefined> {
  if (value === undefined || value === "trusted" || value === "host") return value === "trusted" ? undefined : value;
  const { resolve, dirname } = world.platform === "win32" ? win32 : posix;
  const path = resolve(dirname(config), value);
  const text = await readText(path);
  if (text !== undefined) return text;
  throw new UsageError(`${config} refers to the CA file ${path}, which does not exist`, {
    code: "tunnel.ngrok-config",
    hint: "correct the path, or set NGROK_CONNECT_CAS to the CA file",
  });
}

/** With several endpoints there is no way to choose. */
function domainOf(root: Json): string | undefined {
  const { endpoints = [], tunnels = {} } = root;
  const all = [...(Array.isArray(endpoints) ? (endpoints as unknown[]) : []), ...Object.values(mapOf(tunnels))];
  if (all.length !== 1) return undefined;
  const only = mapOf(all[0]);
  const name = textOf(only["url"] ?? only["domain"] ?? only["hostname"]);
  return name === undefined || /^(?:tcp|tls):|\.internal$/.test(name) ? undefined : name.replace(/^https?:\/\//, "");
}

/** The parser's message quotes the line, which may contain the token: only its first line, with reason and position, is shown. */
function unreadable(path: string, error: unknown): UsageError {
  const reason = reasonOf(error).replace(/:?\r?\n[^]*/, "");
  return new UsageError(`the ngrok config file ${path} cannot be read: ${reason}`, {
    code: "tunnel.ngrok-config",
    hint: "run ngrok config check to find the error, or set NGROK_AUTHTOKEN and remove the file",
  });
}

function mapOf(value: unknown): Json {
  if (value === null || value === undefined) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Json;
  throw new Error("expected a map of settings");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
