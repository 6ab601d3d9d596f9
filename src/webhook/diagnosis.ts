/** Infers a mistake of the app from which deliveries pass and which fail. */
import { MISTAKES, type Mistake, type MistakeCode } from "./mistakes.ts";

export interface Diagnosis extends Mistake {
  /** Stable, for programs: which mistake it is. */
  code: MistakeCode;
}

/** What is known of one delivery: the status of the response, and whether the body has escapes that `JSON.stringify` would not write. */
interface Delivered {
  status?: number;
  escaped: boolean;
}

const REJECTED = new Set([400, 401, 403]);

/** Whether a status suggests that the signature did not match. */
export function isRejection(status: number | undefined): boolean {
  return REJECTED.has(status ?? 0);
}

/** Counts accepted and rejected deliveries, with and without escapes in their bodies. */
export class Evidence {
  readonly #counts = { escaped: { accepted: 0, rejected: 0 }, plain: { accepted: 0, rejected: 0 } };

  add({ status = 0, escaped }: Delivered): void {
    const counts = this.#counts[escaped ? "escaped" : "plain"];
    if (status === 200) counts.accepted++;
    else if (isRejection(status)) counts.rejected++;
  }

  /** The number of deliveries with a status that suggests a signature mismatch. */
  get rejected(): number {
    return this.#counts.escaped.rejected + this.#counts.plain.rejected;
  }

  /**
   * `JSON.stringify` of a parsed body reproduces it unless it contains escapes. If exactly the deliveries with escapes are rejected, the
   * app verifies the signature of the re-serialized body.
   */
  diagnose(): Diagnosis | undefined {
    const { escaped, plain } = this.#counts;
    const isReserialized = escaped.rejected > 0 && escaped.accepted === 0 && plain.accepted > 0 && plain.rejected === 0;
    return isReserialized ? { code: "parsed-body", ...MISTAKES["parsed-body"] } : undefined;
  }
}
