/** Numbers, times and sizes as people read them. */

const CLOCK = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const SHORT_CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });
const LONG_DAY = new Intl.DateTimeFormat("en", { weekday: "long", month: "long", day: "numeric" });
const COUNT = new Intl.NumberFormat("en");
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

export const clock = (at: number): string => CLOCK.format(at);
export const shortClock = (at: number): string => SHORT_CLOCK.format(at);
export const longDay = (at: number): string => LONG_DAY.format(at);
export const count = (value: number): string => COUNT.format(value);

/** The time, with the day when it is not today. */
export function moment(at: number): string {
  return isToday(at) ? clock(at) : `${DAY.format(at)}, ${clock(at)}`;
}

/** The time today, the day otherwise. */
export function shortMoment(at: number): string {
  return isToday(at) ? shortClock(at) : DAY.format(at);
}

function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}

/** `0.4 ms`, `230 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 days`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(1))} s`;
  if (ms < HOUR) return pair(ms, [MINUTE, "min"], [SECOND, "s"]);
  if (ms < 48 * HOUR) return pair(ms, [HOUR, "h"], [MINUTE, "min"]);
  return `${Math.floor(ms / (24 * HOUR))} days`;
}

function pair(ms: number, [big, bigName]: [number, string], [small, smallName]: [number, string]): string {
  const rest = Math.floor((ms % big) / small);
  return `${Math.floor(ms / big)} ${bigName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1_000_000 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

/** A phone number with its plus; a business-scoped user id as it is. */
export function customerLabel(customer: string): string {
  return /^\d{5,15}$/.test(customer) ? `+${customer}` : customer;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
