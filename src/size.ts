/** Parses sizes such as `100M` and `1G`. */

const UNITS: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** `500K`, `100M`, `1.5G` or `2GB` in bytes, by powers of 1024; undefined for any other text, also for a number without a unit. */
export function parseSize(text: string): number | undefined {
  const [, amount, unit = ""] = /^(\d{1,15}(?:\.\d{1,15})?)([KMGT])(?:i?B)?$/i.exec(text) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * (UNITS[unit.toUpperCase()] as number));
}
