/** How much of its limits an app has used, from the headers of Meta's answers. Source: Meta, "Rate limits", Graph API. */
import { asItem, type Item, parseObject } from "../json.ts";

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
  const records = [app, ...business].map(asItem).filter((each) => each !== undefined);
  if (records.length === 0) return undefined;
  const highest = (keys: readonly string[]) =>
    records
      .flatMap((each) => keys.map((key) => Number(each[key] ?? 0)).filter(Number.isFinite))
      .reduce((most, share) => Math.max(most, share), 0);
  const regainMinutes = highest(["estimated_time_to_regain_access"]);
  return { percent: highest(SHARES), ...(regainMinutes > 0 ? { regainMinutes } : {}) };
}

function read(header: string | string[] | undefined): Item | undefined {
  return typeof header === "string" ? asItem(parseObject(header)) : undefined;
}
