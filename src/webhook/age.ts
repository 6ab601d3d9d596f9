/** Makes a payload older, as one is that Meta delivers days after the event. */

type Json = Record<string, unknown>;

/** Edits `payload` in place: moves the times of its entries, messages and statuses into the past. Parts without a time stay. */
export function age(payload: unknown, ms: number): void {
  const seconds = Math.round(ms / 1000);
  const entries = list(payload, "entry");
  for (const entry of entries) if (typeof entry["time"] === "number") entry["time"] -= seconds;
  const values = entries.flatMap((entry) => list(entry, "changes").map(({ value }) => value));
  for (const item of values.flatMap((value) => [...list(value, "messages"), ...list(value, "statuses")])) {
    const at = Number(item["timestamp"]);
    if (typeof item["timestamp"] === "string" && at > seconds) item["timestamp"] = String(at - seconds);
  }
}

function list(holder: unknown, key: string): Json[] {
  const value: unknown = typeof holder === "object" && holder !== null ? (holder as Json)[key] : undefined;
  return Array.isArray(value)
    ? value.filter((item): item is Json => typeof item === "object" && item !== null && !Array.isArray(item))
    : [];
}
