/** When the reviews of templates end: each some time after its submission, or only by hand. */
import type { Clock } from "../clock.ts";
import type { TemplateReviews } from "../options.ts";

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Reviews {
  /** By the id of the template, on the clock's `elapsed()` scale. */
  readonly #due = new Map<string, number>();
  readonly #clock: Clock;
  readonly #plan: TemplateReviews;
  readonly #decide: (id: string, approved: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #next = Infinity;

  /** `decide` is called once for each review that ends. */
  constructor(plan: TemplateReviews, clock: Clock, decide: (id: string, approved: boolean) => void) {
    this.#plan = plan;
    this.#clock = clock;
    this.#decide = decide;
  }

  submit(id: string): void {
    const { decision, afterMs = 0 } = this.#plan;
    if (decision === "manual") return;
    this.#due.set(id, this.#clock.elapsed() + afterMs);
    this.#arm();
  }

  cancel(id: string): void {
    this.#due.delete(id);
  }

  /** Ends the reviews that are due. The timer calls it; call it also before reading a status, and after advancing the clock. */
  settle(): void {
    const now = this.#clock.elapsed();
    // A timer may fire a fraction of a millisecond early.
    if (now < this.#next) return this.#arm();
    for (const [id, due] of this.#due) {
      if (due > now) continue;
      this.#due.delete(id);
      this.#decide(id, this.#plan.decision === "approve");
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    // All reviews take the same time, so the first one submitted ends first.
    const [next = Infinity] = this.#due.values();
    this.#next = next;
    if (this.#next === Infinity) return;
    const ms = Math.max(0, Math.ceil(this.#next - this.#clock.elapsed()));
    // A review must not keep a program alive that has closed its emulator.
    this.#timer = setTimeout(() => this.settle(), Math.min(ms, LONGEST_TIMER_MS)).unref();
  }
}
