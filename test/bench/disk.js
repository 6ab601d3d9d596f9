// What the disk alone allows: no store that keeps its promise acknowledges more than this.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const SYNCS = 500;
/** About what the store writes for one delivery. */
const BYTES = 1500;
/** The space is written over again, as in a write-ahead log. */
const SPACE = 4 * 1024 ** 2;

/** Writes as much as `together` deliveries and waits until it is safe, again and again: `{ perSecond, p50, p99 }`, as of deliveries. */
export function disk(folder, together) {
  const file = join(folder, "disk");
  const descriptor = openSync(file, "w");
  try {
    writeSync(descriptor, Buffer.alloc(SPACE, "."));
    fdatasyncSync(descriptor);
    const bytes = Buffer.alloc(together * BYTES, "-");
    const times = new Float64Array(SYNCS);
    for (let index = 0; index < SYNCS; index++) {
      const started = performance.now();
      writeSync(descriptor, bytes, 0, bytes.length, (index * bytes.length) % (SPACE - bytes.length));
      fdatasyncSync(descriptor);
      times[index] = performance.now() - started;
    }
    const took = times.reduce((sum, time) => sum + time) / 1000;
    times.sort();
    return { perSecond: (SYNCS * together) / took, p50: times[SYNCS * 0.5], p99: times[SYNCS * 0.99] };
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
}
