/** One mistake of an endpoint: a stable code, what it does, and what to do instead. */

export interface FlowMistake {
  /** For programs: `iv-not-flipped`, `oaep-sha1`. */
  code: string;
  /** What the endpoint does, in one sentence. */
  cause: string;
  /** What to do, as an imperative. */
  fix: string;
  /** The response was made with the AES key of the request, so the endpoint has decrypted the request. */
  decrypted?: true;
}
