/** The options of a check. */
import type { Answers } from "../messages/answer.ts";

/** The endpoint of a check, its secrets, and what is checked. */
export interface CheckOptions {
  /** The endpoint. */
  url: string | URL;
  appSecret: string;
  /** Without it, the handshake is not checked. */
  verifyToken?: string;
  /** What the app sends to its customers; without it, what the app does with messages is not checked. */
  answers?: Answers;
  /** Called before each delivery with its payload, for what must know its messages: the emulator that stands in for the Graph API. */
  onDelivery?: (payload: object) => void;
  /** How long to wait for an answer, in milliseconds. Default: 10 s. */
  answerMs?: number;
  /** Codes and patterns of the probes to run, such as `signature.*`; what they need is run too. Default: all. */
  only?: readonly string[];
  /** Codes and patterns of the probes to leave out. */
  skip?: readonly string[];
  /** Timeout of one response, in milliseconds. Default: 10 s. */
  timeout?: number;
  /** Certificates to trust in addition to the public CAs, as PEM. */
  ca?: string;
  /** The ids in the test deliveries, for an app that accepts only its own. */
  phoneNumberId?: string;
  businessAccountId?: string;
  /** Milliseconds since 1970, for timestamps. Default: `Date.now`. */
  now?: () => number;
  signal?: AbortSignal;
}
