/** What nobody waits for, in its order: what has arrived meanwhile is read and written first, and this while the disk is busy. */

const LATER_MS = 1;

/** The deliveries of the same moment share one timer, so that all of them get their responses before the rest of the work. */
export class Afterwards {
  #work: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `work` must not throw. */
  add(work: () => void): void {
    this.#work.push(work);
    this.#timer ??= setTimeout(() => this.run(), LATER_MS);
  }

  /** Runs what waits now. */
  run(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const work of this.#work.splice(0)) work();
  }
}
