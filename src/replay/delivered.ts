/** One delivery and its result, apart from how it is judged, so that the types of the library need nothing else. */
import type { Finding } from "../report/finding.ts";
import type { ChaosKind } from "../webhook/chaos.ts";

/** One delivery and its result. */
export interface Delivered {
  /** Its name, or the file that it came from. */
  fixture: string;
  /** The first round is 1. */
  round: number;
  /** The number of deliveries so far, and in total if known. */
  done: number;
  total?: number;
  /** The endpoint. */
  to: string;
  /** Missing when there was no response. */
  status?: number;
  /** The verdict of a wa-hook listener. A duplicate was not forwarded to the app. */
  verdict?: string;
  /** Whether the body contains escapes that `JSON.stringify` would not write, such as `\/`. */
  escaped: boolean;
  /** How chaos disturbed it: the kinds, 2 for a copy, and how many times it was sent until the app accepted it. */
  chaos?: { kinds: readonly ChaosKind[]; copy: number; attempts: number };
  /** Until the response or the failure. */
  ms: number;
  /** Every expectation is met. */
  ok: boolean;
  /** Each expectation with its result. */
  findings: Finding[];
}
