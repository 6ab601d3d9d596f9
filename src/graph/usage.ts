/** How much of its limits an app has used, from the headers of Meta's answers. Source: Meta, "Rate limits", Graph API. */
import { parseObject } from "../json.ts";

export interface Usage {
  /** The highest share of any limit, in per cent. */
  percent: number;
  /** Until a limit that was hit is free again, when Meta tells. */
  regainMinutes?: number;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const SHARES = ["call_count", "total_cputime", "total_time"];

/** Reads `x-app-usage` and `x-business-use-case-usage`; nothing when neither is there or can be read. */
export function readUsage(headers: Headers): Usage | undefined {
  const app = read(headers["x-app-usage"]);
  const business = Object.values(read(headers["x-business-use-case-usage"]) ?? {}).flat();
  const records = [app, ...business].filter((each): each is Record<string, unknown> => isRecord(each));
  if (records.length === 0) return undefined;
  const highest = (keys: readonly string[]) =>
    Math.max(0, ...records.flatMap((each) => keys.map((key) => Number(each[key] ?? 0)).filter(Number.isFinite)));
  const regainMinutes = highest(["estimated_time_to_regain_access"]);
  return { percent: highest(SHARES), ...(regainMinutes > 0 ? { regainMinutes } : {}) };
}

function read(header: string | string[] | undefined): Record<string, unknown> | undefined {
  const value = typeof header === "string" ? parseObject(header) : undefined;
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
