/** Counts work in flight and resolves when there is none. */

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

  /** Resolves when nothing is in flight, after `timeoutMs` milliseconds at the latest, or when `signal` aborts. */
  async none(timeoutMs = Infinity, signal?: AbortSignal): Promise<void> {
    if (this.count === 0 || signal?.aborted === true) return;
    let timer: NodeJS.Timeout | undefined;
    const over = new AbortController();
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      signal?.addEventListener("abort", () => resolve(), { signal: over.signal });
      if (timeoutMs !== Infinity) timer = setTimeout(resolve, timeoutMs);
    });
    // Called in a loop with one signal, which would otherwise keep them all.
    over.abort();
    clearTimeout(timer);
  }
}
