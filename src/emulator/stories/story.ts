/** A story: a sequence of webhooks that no action of the API causes. */

export interface Story {
  name: string;
  /** What happens, in one line. */
  summary: string;
  /** In order; each with its delay from the start in milliseconds, and the name of the bundled fixture that it sends. */
  steps: readonly (readonly [afterMs: number, fixture: string])[];
}

/** What a story sends. */
export interface PlayedStory {
  story: string;
  webhooks: number;
  /** From the first to the last webhook, in milliseconds. */
  ms: number;
  /** The fields whose webhooks are not sent because no app subscribes to them. */
  unsubscribed: string[];
}
