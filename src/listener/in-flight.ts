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
    let [timer, abort]: [NodeJS.Timeout?, (() => void)?] = [];
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      abort = () => resolve();
      signal?.addEventListener("abort", abort, { once: true });
      if (timeoutMs !== Infinity) timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    // Closing waits again and again with one signal.
    if (abort !== undefined) signal?.removeEventListener("abort", abort);
  }
}
