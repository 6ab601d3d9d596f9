/** Whose silence is looked into: the settings, and what is needed to ask about them. */
import type { Graph } from "../graph/client.ts";

export interface Patient {
  graph: Graph;
  settings: Readonly<Partial<Record<PatientSetting, Given>>>;
  /** The callback URL that should get the messages, when it is known. */
  url?: string;
  /** Meta is played by this machine, so callbacks may be on it as well. */
  offline: boolean;
  /** The numbers that a test number may write to, as far as they are told. */
  allowedNumbers: readonly string[];
  /** Milliseconds since 1970, by this machine's clock. */
  now: number;
  signal?: AbortSignal;
}

export type PatientSetting =
  | "accessToken"
  | "phoneNumberId"
  | "businessAccountId"
  | "appId"
  | "appSecret"
  | "verifyToken";

export interface Given {
  value: string;
  /** In words: `WHATSAPP_APP_SECRET in .env`. */
  from: string;
  /** Names of the same setting that hold something else and are not used. */
  others: readonly string[];
}
