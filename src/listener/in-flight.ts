/** How much work is in flight, and a word when there is none. */

export class InFlight {
  count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.count++;
  }

  end(): void {
    this.count--;
    if (this.count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is in flight, at the latest after `patience` milliseconds. */
  async none(patience = Infinity): Promise<void> {
    if (this.count === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (patience !== Infinity) timer = setTimeout(resolve, patience);
    });
    clearTimeout(timer);
  }
}
