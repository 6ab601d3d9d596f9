/** Durations such as `30s` and `7d`, parsed and written. */

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `30s`, `5m`, `12h` or `7d` in milliseconds; undefined for any other text, also for a number without a unit. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit ?? ""] as number);
}

/** Milliseconds as one would type them: `1500ms`, `1s`, `60s`, `5m`. */
export function formatDuration(ms: number): string {
  const whole = Object.entries(UNITS).filter(([, size]) => ms % size === 0);
  // People type 60s rather than 1m.
  const [unit, size] = whole.findLast(([unit, size]) => unit !== "ms" && ms > size) ?? whole.at(-1) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}
