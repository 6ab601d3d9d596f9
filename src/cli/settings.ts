/** Where settings come from: flag, then environment, then env file, then default. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import type { World } from "./world.ts";

interface Setting {
  label: string;
  /** Environment names: the first is ours, the others are what people's projects already use. */
  names: readonly [string, ...string[]];
  secret: boolean;
  /** What holds when it is set nowhere. */
  fallback?: string;
}

/** Where the listener is when nothing else is said. */
export const DEFAULT_PORT = 8000;

/** Where Meta is, and the version of its API that is asked for, when nothing else is said. */
export const DEFAULT_GRAPH_URL = "https://graph.facebook.com";
export const DEFAULT_GRAPH_VERSION = "v25.0";

/** Every setting, by the name that commands use. */
export const settings = {
  appSecret: {
    label: "app secret",
    names: ["WHATSAPP_APP_SECRET", "WHATSAPP_WEBHOOK_SECRET", "APP_SECRET"],
    secret: true,
  },
  verifyToken: {
    label: "verify token",
    names: ["WHATSAPP_VERIFY_TOKEN", "WEBHOOK_VERIFY_TOKEN", "VERIFY_TOKEN"],
    secret: true,
  },
  accessToken: { label: "access token", names: ["WHATSAPP_ACCESS_TOKEN", "ACCESS_TOKEN"], secret: true },
  phoneNumberId: {
    label: "phone number id",
    names: ["WHATSAPP_PHONE_NUMBER_ID", "PHONE_NUMBER_ID", "FROM_PHONE_NUMBER_ID"],
    secret: false,
  },
  businessAccountId: {
    label: "business account id",
    names: ["WHATSAPP_BUSINESS_ACCOUNT_ID", "WABA_ID"],
    secret: false,
  },
  appId: { label: "app id", names: ["WHATSAPP_APP_ID", "APP_ID"], secret: false },
  allowedNumbers: { label: "allowed numbers", names: ["WHATSAPP_ALLOWED_NUMBERS"], secret: false },
  port: {
    label: "listener port",
    names: ["WEBHOOK_PORT", "PORT"],
    secret: false,
    fallback: String(DEFAULT_PORT),
  },
  ngrokAuthtoken: { label: "ngrok authtoken", names: ["NGROK_AUTHTOKEN"], secret: true },
  ngrokDomain: { label: "ngrok domain", names: ["NGROK_DOMAIN"], secret: false },
  ngrokConnectUrl: { label: "ngrok service", names: ["NGROK_CONNECT_URL"], secret: false },
  ngrokConnectCas: { label: "ngrok service's CA", names: ["NGROK_CONNECT_CAS"], secret: false },
  graphUrl: { label: "Graph API", names: ["GRAPH_API_URL"], secret: false, fallback: DEFAULT_GRAPH_URL },
  graphVersion: {
    label: "Graph API version",
    names: ["GRAPH_API_VERSION"],
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

/** A setting's value from the first place that has it. */
export function resolveSetting(setting: SettingName, { environment, file }: Sources): Sourced | undefined {
  const { names } = settings[setting];
  const found = [
    ...candidates(names, environment, ENVIRONMENT),
    ...(file === undefined ? [] : candidates(names, file.values, file.path)),
  ];
  const [first, ...rest] = found;
  if (first === undefined) return undefined;
  const others = rest.filter(({ value }) => value !== first.value).map(({ name, value }) => ({ name, value }));
  return { ...first, others };
}

function candidates(names: readonly string[], values: Environment, source: string): Omit<Sourced, "others">[] {
  return names.flatMap((name) => {
    const value = values[name]?.trim();
    return value ? [{ value, source, name }] : [];
  });
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
