/** Lengths of time as people write them. */

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds of `500ms`, `30s`, `5m`, `12h` or `7d`; a bare number is of `unit`. Nothing when it is none of these. */
export function millisecondsIn(text: string, unit: "ms" | "s"): number | undefined {
  const [, amount, written = unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[written] as number);
}
