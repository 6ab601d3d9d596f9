/** From what is planned to the request that is sent: changed, encoded and signed as Meta does, or wrong on purpose. */
import { reasonOf, UsageError } from "../errors.ts";
import type { Outgoing } from "../http/post.ts";
import { META_HEADERS, signatures } from "../webhook/headers.ts";
import { readBody } from "../webhook/payload.ts";
import { encodeWire, encodeWireText, type Escape } from "../webhook/wire.ts";
import { edit, isEdited, unappliedError, type Edits } from "./edit.ts";
import type { Planned } from "./plan.ts";

/** Ways in which a delivery is made wrong, to see that the app refuses it. */
export type Fault = "unsigned" | "wrong-secret" | "tampered";

export interface Signing {
  appSecret: string;
  fault?: Fault;
}

/** A planned delivery as a request, made anew each time when it has fresh ids. */
export interface Prepared {
  name: string;
  /** Of its payload before it was changed. */
  bytes: number;
  /** When the first of its events happened, in seconds since 1970. */
  at(): number | undefined;
  request(): Outgoing;
}

/** How planned deliveries become requests. */
export interface Preparation {
  edits: Edits;
  escape: Escape;
  /** Without it they are not signed. */
  signing?: Signing;
  /** Milliseconds since 1970, for fresh timestamps. */
  now(): number;
}

/** Prepares deliveries one by one, all in the same way. */
export class Preparing {
  readonly #preparation: Preparation;
  readonly #applied = new Set<string>();

  constructor(preparation: Preparation) {
    this.#preparation = preparation;
  }

  /**
   * Without edits, JSON text keeps its key order and its numbers to the digit; edits go through parsed values, as in `JSON.parse`.
   * Throws a `UsageError` when what is to be edited is no JSON.
   */
  prepare({ name, bytes, exact }: Planned): Prepared {
    const { edits, escape, signing, now } = this.#preparation;
    const encode = (): Buffer => {
      if (!isEdited(edits)) return exact ? bytes : encoded(name, () => encodeWireText(bytes.toString("utf8"), escape));
      const payload = parse(name, bytes);
      edit(payload, edits, now(), this.#applied);
      return encoded(name, () => encodeWire(payload, escape));
    };
    // Here already: that an edit does not fit is to be known before anything is sent.
    const body = isEdited(edits) ? encode() : undefined;
    const first = once(() => toRequest(body ?? encode(), signing));
    const at = once(() => readBody(bytes).find((event) => event.at !== undefined)?.at);
    return { name, bytes: bytes.length, at, request: edits.fresh ? () => toRequest(encode(), signing) : first };
  }

  /** Throws a `UsageError` when an edit fits nothing that was prepared. */
  check(): void {
    const missed = this.#preparation.edits.set.find((assignment) => !this.#applied.has(assignment));
    if (missed !== undefined) throw unappliedError(missed);
  }
}

function once<Made>(make: () => Made): () => Made {
  let made: { it: Made } | undefined;
  return () => (made ??= { it: make() }).it;
}

function encoded(name: string, encode: () => Buffer): Buffer {
  try {
    return encode();
  } catch (cause) {
    // Any depth can be parsed, but writing goes by recursion; and so, in a text, do millions of escapes.
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`${name} is nested too deeply, or has too many escapes in one text, to be encoded`, {
      code: "fixture.too-deep",
      hint: "send it as it is: with --raw, without --set, --from and --fresh",
      cause,
    });
  }
}

function parse(name: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new UsageError(`${name} is not JSON, so nothing in it can be changed: ${reasonOf(cause)}`, {
      code: "fixture.not-json",
      hint: "leave --set, --from and --fresh away to send it as it is",
      cause,
    });
  }
}

function toRequest(body: Buffer, signing: Signing | undefined): Outgoing {
  if (signing === undefined) return { body, headers: META_HEADERS };
  const { appSecret, fault } = signing;
  const secret = fault === "wrong-secret" ? `not ${appSecret}` : appSecret;
  return {
    body: fault === "tampered" ? tamper(body) : body,
    headers: fault === "unsigned" ? META_HEADERS : [...META_HEADERS, ...signatures(body, secret)],
  };
}

/** The same JSON with one letter or digit of a value changed. */
function tamper(body: Buffer): Buffer {
  const text = body.toString("latin1");
  for (const { index, 1: value = "" } of text.matchAll(/:"([^"\\]*)"/g)) {
    const at = value.search(/[a-z0-9]/i);
    if (at < 0) continue;
    const changed = Buffer.from(body);
    changed.write(value[at] === "0" ? "1" : "0", index + 2 + at);
    return changed;
  }
  return Buffer.concat([body, Buffer.from(" ")]);
}
