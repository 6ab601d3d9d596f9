/** Counts of durations by upper bound, as Prometheus has them, in constant memory. */

/** In seconds. Fine where an acknowledgement usually is, and around the time that senders wait. */
export const BOUNDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 30,
];

export class Buckets {
  /** The last one is for everything above the last bound. */
  readonly counts = new Float64Array(BOUNDS.length + 1);
  count = 0;
  sumSeconds = 0;

  record(ms: number): void {
    const seconds = ms / 1000;
    let index = 0;
    while (index < BOUNDS.length && seconds > (BOUNDS[index] as number)) index++;
    this.counts[index] = (this.counts[index] as number) + 1;
    this.count++;
    this.sumSeconds += seconds;
  }

  add(other: Buckets): void {
    for (const [index, count] of other.counts.entries()) this.counts[index] = (this.counts[index] as number) + count;
    this.count += other.count;
    this.sumSeconds += other.sumSeconds;
  }

  clear(): void {
    this.counts.fill(0);
    this.count = 0;
    this.sumSeconds = 0;
  }

  /** The upper bound of the bucket with the duration at this share (0 to 1), in milliseconds; 0 if nothing was recorded. */
  atMostMs(share: number): number {
    let seen = 0;
    for (const [index, count] of this.counts.entries()) {
      seen += count;
      if (count > 0 && seen >= this.count * share) return (BOUNDS[index] ?? Infinity) * 1000;
    }
    return 0;
  }
}
