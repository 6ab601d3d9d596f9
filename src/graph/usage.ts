/** An app's use of its rate limits, from the headers of Meta's responses. Source: Meta, "Rate limits", Graph API. */
import { asJsonObject, type JsonObject, parseObject } from "../json.ts";

export interface Usage {
  /** The highest use of any limit, in percent. */
  percent: number;
  /** Minutes until an exceeded limit is lifted, when Meta reports it. */
  regainMinutes?: number;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const SHARE_KEYS = ["call_count", "total_cputime", "total_time"];

/** Parses `x-app-usage` and `x-business-use-case-usage`; undefined when neither is present and valid. */
export function readUsage(headers: Headers): Usage | undefined {
  const app = read(headers["x-app-usage"]);
  const business = Object.values(read(headers["x-business-use-case-usage"]) ?? {}).flat();
  const records = [app, ...business].map(asJsonObject).filter((each) => each !== undefined);
  if (records.length === 0) return undefined;
  const highest = (keys: readonly string[]) =>
    records
      .flatMap((each) => keys.map((key) => Number(each[key] ?? 0)).filter(Number.isFinite))
      .reduce((most, share) => Math.max(most, share), 0);
  const regainMinutes = highest(["estimated_time_to_regain_access"]);
  return { percent: highest(SHARE_KEYS), ...(regainMinutes > 0 ? { regainMinutes } : {}) };
}

function read(header: string | string[] | undefined): JsonObject | undefined {
  return typeof header === "string" ? asJsonObject(parseObject(header)) : undefined;
}
