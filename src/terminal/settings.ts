/** Where settings come from: flag, then environment, then env file, then default. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { DEFAULT_GRAPH_VERSION } from "../graph/version.ts";
import { httpUrl, isLoopback } from "../http/url.ts";
import { settingNames } from "../setting-names.ts";
import type { World } from "./world.ts";

interface Setting {
  label: string;
  /** It is an address that secrets are sent to. */
  receives?: Recipient;
  /** Environment names, in the order in which they are searched. */
  names: readonly [string, ...string[]];
  secret: boolean;
  /** What holds when it is set nowhere. */
  fallback?: string;
}

/** What goes to an address among the settings. */
interface Recipient {
  /** The secrets, by their names among the settings. */
  secrets: readonly string[];
  /** Whether everybody may send them there: the service itself, or this machine. */
  isSafe(value: string): boolean;
  /** The flag by which a person names the address. */
  flag: string;
}

const META: Recipient = {
  secrets: ["accessToken", "appSecret", "verifyToken"],
  isSafe: (value) => isSafeUrl(value, [".facebook.com"]),
  flag: "--graph-url",
};

const NGROK_HOSTS = [".ngrok-agent.com", ".ngrok.com"];

const NGROK: Recipient = {
  secrets: ["ngrokAuthtoken"],
  isSafe: (value) => isSafeUrl(`https://${value}`, NGROK_HOSTS),
  flag: "--ngrok-url",
};

/** Whoever is trusted there may stand in for ngrok's service. */
const NGROK_CAS: Recipient = {
  ...NGROK,
  isSafe: (value) => value === "host" || value === "trusted",
  flag: "--ngrok-ca",
};

/** Where the listener is when nothing else is said. */
export const DEFAULT_PORT = 8000;

/** How long and up to which size of the store deliveries are kept when nothing else is said. */
export const DEFAULT_KEEP = "30d";
export const DEFAULT_KEEP_SIZE = "1G";

/** The Graph API that requests go to by default. */
export const DEFAULT_GRAPH_URL = "https://graph.facebook.com";

/** Every setting, by the name that commands use. */
export const settings = {
  appSecret: {
    label: "app secret",
    names: settingNames.appSecret,
    secret: true,
  },
  verifyToken: {
    label: "verify token",
    names: settingNames.verifyToken,
    secret: true,
  },
  accessToken: { label: "access token", names: settingNames.accessToken, secret: true },
  phoneNumberId: {
    label: "phone number ID",
    names: settingNames.phoneNumberId,
    secret: false,
  },
  businessAccountId: {
    label: "WABA ID",
    names: settingNames.businessAccountId,
    secret: false,
  },
  appId: { label: "app ID", names: settingNames.appId, secret: false },
  allowedNumbers: { label: "allowed numbers", names: settingNames.allowedNumbers, secret: false },
  store: {
    label: "recorded deliveries",
    names: settingNames.store,
    secret: false,
    fallback: ".wa-hook/events.db",
  },
  from: { label: "deliveries from", names: settingNames.from, secret: false },
  flowPassphrase: { label: "Flow pass phrase", names: settingNames.flowPassphrase, secret: true },
  port: {
    label: "listener port",
    names: settingNames.port,
    secret: false,
    fallback: String(DEFAULT_PORT),
  },
  keep: { label: "keep deliveries for", names: settingNames.keep, secret: false, fallback: DEFAULT_KEEP },
  keepSize: {
    label: "keep deliveries up to",
    names: settingNames.keepSize,
    secret: false,
    fallback: DEFAULT_KEEP_SIZE,
  },
  ngrokAuthtoken: { label: "ngrok authtoken", names: settingNames.ngrokAuthtoken, secret: true },
  ngrokDomain: { label: "ngrok domain", names: settingNames.ngrokDomain, secret: false },
  ngrokConnectUrl: { label: "ngrok service", names: settingNames.ngrokConnectUrl, secret: false, receives: NGROK },
  ngrokConnectCas: {
    label: "ngrok service's CA",
    names: settingNames.ngrokConnectCas,
    secret: false,
    receives: NGROK_CAS,
  },
  graphUrl: {
    label: "Graph API",
    names: settingNames.graphUrl,
    secret: false,
    fallback: DEFAULT_GRAPH_URL,
    receives: META,
  },
  graphVersion: {
    label: "Graph API version",
    names: settingNames.graphVersion,
    secret: false,
    fallback: DEFAULT_GRAPH_VERSION,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** A setting's value and where it came from. */
export interface Sourced {
  value: string;
  /** In words: `--port`, `the environment`, `.env`. */
  source: string;
  /** The name under which it was found there: `WHATSAPP_APP_SECRET`. */
  name: string;
  /** Other names of the same setting that hold something else. */
  others: { name: string; value: string }[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The places to look in, the first before the second. */
export interface Sources {
  environment: Environment;
  file: { path: string; values: Environment } | undefined;
}

/**
 * Reads the sources: the environment and the env file, `.env` when there is one. Throws a `UsageError` when a file that was asked for is
 * missing, or when one that is there cannot be read.
 */
export function readSources(world: World, envFile: string | undefined): Sources {
  const path = envFile ?? ".env";
  try {
    const text = readFileSync(resolve(world.cwd, path), "utf8");
    return { environment: world.env, file: { path, values: parseEnv(text) } };
  } catch (error) {
    if (envFile === undefined && systemCode(error) === "ENOENT") return { environment: world.env, file: undefined };
    const missing = systemCode(error) === "ENOENT";
    throw new UsageError(`the env file ${path} ${missing ? "does not exist" : `cannot be read: ${reasonOf(error)}`}`, {
      code: missing ? "env-file.missing" : "env-file.unreadable",
      hint: missing
        ? "name another one with --env-file"
        : "make it a readable text file, or name another one with --env-file",
      cause: error,
    });
  }
}

/** A setting's value from the first place that has it. An empty secret is one that is set: what comes after it does not replace it. */
export function resolveSetting(setting: SettingName, { environment, file }: Sources): Sourced | undefined {
  const found = [
    ...candidates(setting, environment, ENVIRONMENT),
    ...(file === undefined ? [] : candidates(setting, file.values, file.path)),
  ];
  const [first, ...rest] = found;
  if (first === undefined) return undefined;
  const others = rest
    .filter(({ value }) => value !== "" && value !== first.value)
    .map(({ name, value }) => ({ name, value }));
  return { ...first, others };
}

function candidates(setting: SettingName, values: Environment, source: string): Omit<Sourced, "others">[] {
  const { names, secret } = settings[setting];
  return names.flatMap((name) => {
    const value = values[name]?.trim();
    return value === undefined || (value === "" && !secret) ? [] : [{ value, source, name }];
  });
}

/** Throws a `UsageError` when a secret is set and empty: it would be worse than none. */
export function refuseEmptySecret(setting: SettingName, found: Sourced | undefined): void {
  if (found === undefined || found.value !== "" || !settings[setting].secret) return;
  const where = isFlag(found) ? `${found.name} ${found.source}` : `${found.name} in ${found.source}`;
  throw new UsageError(`${where} is empty`, {
    code: "setting.empty-secret",
    hint: `set it to the ${settings[setting].label}, or ${removalOf(found)}`,
  });
}

function removalOf(found: Sourced): string {
  if (isFlag(found)) return `leave ${found.name} out`;
  return found.source === ENVIRONMENT
    ? `remove it with unset ${found.name}`
    : `remove the line ${found.name}= from ${found.source}`;
}

/**
 * An env file comes with a folder that may be somebody else's work, and must not send this person's secrets anywhere. Throws a `UsageError` when an
 * address in it would get a secret that comes from elsewhere, unless that is the service itself or this machine.
 */
export function refuseForeignRecipients(found: Readonly<Partial<Record<SettingName, Sourced | undefined>>>): void {
  for (const [name, address] of Object.entries(found) as [SettingName, Sourced | undefined][]) {
    const { receives }: Setting = settings[name];
    const file = address && envFileOf(address);
    if (address === undefined || file === undefined || receives === undefined || receives.isSafe(address.value))
      continue;
    for (const secretName of receives.secrets as SettingName[]) {
      const secret = found[secretName];
      if (secret === undefined || secret.source === file) continue;
      const label = `the ${settings[secretName].label} from ${isFlag(secret) ? secret.name : secret.source}`;
      throw new UsageError(`${address.name} in ${file} would send ${label} to ${address.value}`, {
        code: "setting.recipient",
        hint: `if you trust that address, name it yourself with ${receives.flag} ${address.value}; otherwise remove ${address.name} from ${file}`,
      });
    }
  }
}

function isSafeUrl(text: string, domains: readonly string[]): boolean {
  const url = httpUrl(text);
  if (url === undefined) return false;
  return isLoopback(url) || (url.protocol === "https:" && domains.some((domain) => url.hostname.endsWith(domain)));
}

const ENVIRONMENT = "the environment";

/** Where others have the name of a variable, a flag has its own. */
export function isFlag({ name }: Pick<Sourced, "name">): boolean {
  return name.startsWith("-");
}

/** The env file that a setting came from; nothing when it came from a flag or the environment. */
export function envFileOf(found: Sourced): string | undefined {
  return isFlag(found) || found.source === ENVIRONMENT ? undefined : found.source;
}

/** The env file that any of the settings came from; undefined when all came from elsewhere. */
export function envFileInUse(found: Readonly<Record<string, unknown>>): string | undefined {
  for (const each of Object.values(found)) {
    const file = isSourced(each) ? envFileOf(each) : undefined;
    if (file !== undefined) return file;
  }
  return undefined;
}

function isSourced(value: unknown): value is Sourced {
  return typeof value === "object" && value !== null && "source" in value && "others" in value;
}
