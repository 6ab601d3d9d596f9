/** What a diagnosis works with: a Graph API client, the settings, and the clock. */
import type { Graph } from "../graph/client.ts";

export interface Context {
  graph: Graph;
  settings: Readonly<Partial<Record<ContextSetting, SettingValue>>>;
  /** The file with an app secret that was generated for development, which Meta does not know. */
  developmentFile?: string;
  /** The env file that hints refer to. */
  envFile: string;
  /** The callback URL that should receive the messages, when it is known. */
  callbackUrl?: string;
  /** The Graph API is an emulator on this machine, so a callback on this machine can be reached from it. */
  isLocal: boolean;
  /** wa-hook's own list of allowed recipients; empty when none is set. */
  allowedNumbers: readonly string[];
  /** Milliseconds since 1970, by this machine's clock. */
  now: number;
  signal?: AbortSignal;
}

export type ContextSetting =
  | "accessToken"
  | "phoneNumberId"
  | "businessAccountId"
  | "appId"
  | "appSecret"
  | "verifyToken";

export interface SettingValue {
  value: string;
  /** Where the value comes from, as text: `WHATSAPP_APP_SECRET in .env`. */
  from: string;
  /** Other names of the same setting that hold a different value, which is not used. */
  others: readonly string[];
}
