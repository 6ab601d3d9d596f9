/** A story: a sequence of webhooks that no action of the API causes. */

export interface Story {
  name: string;
  /** What happens, in one line. */
  summary: string;
  /** In order; each with its delay from the start in milliseconds, and the name of the bundled fixture that it sends. */
  steps: readonly (readonly [afterMs: number, fixture: string])[];
}
