/** A cause of missing webhooks, for the tests of wa-hook doctor. */
export type Env = Record<string, string>;

export interface Fault {
  name: string;
  /** The start of the conclusion. */
  concludes: string;
  /** Creates the fault, and returns the settings and the command line. */
  prepare(): Promise<{ env: Env; line?: string }>;
}
