/** How many deliveries there are, for people: counting a million of them takes longer than showing some. */

export interface Counted {
  count: number;
  /** `9,876`, or `more than 10,000`. */
  text: string;
}

/** `count` may stop at its limit; one that is cheap goes on. */
export async function countedTo(most: number, count: (atMost: number) => number | Promise<number>): Promise<Counted> {
  const found = await count(most + 1);
  if (found === most + 1) return { count: found, text: `more than ${most.toLocaleString("en-US")}` };
  return { count: found, text: found.toLocaleString("en-US") };
}
