/** Turns planned deliveries into requests: edited, encoded and signed as Meta does, or with a deliberate fault. */
import { reasonOf, UsageError } from "../errors.ts";
import type { Outgoing } from "../http/post.ts";
import { META_HEADERS, signatures } from "../webhook/headers.ts";
import { encodeWire, encodeWireText, type Escape } from "../webhook/wire.ts";
import { edit, isEdited, setCustomer, unappliedError, type Edits } from "./edit.ts";
import type { Planned } from "./plan.ts";

/** Deliberate faults, to check that the app rejects them. */
export type Fault = "unsigned" | "wrong-secret" | "tampered";

export interface Signing {
  appSecret: string;
  fault?: Fault;
}

/** A planned delivery as a request; rebuilt for each round with fresh ids. */
export interface Prepared {
  name: string;
  /** The file with its expectation, if there is one beside the file of the delivery. */
  expectFile?: string;
  /** The size of the payload before editing. */
  bytes: number;
  /** The time of its first event, in seconds since 1970. */
  at(): Promise<number | undefined>;
  /** The bytes that are signed. */
  payload(): Buffer;
  request(): Outgoing;
}

/** How planned deliveries become requests. */
export interface Preparation {
  edits: Edits;
  escape: Escape;
  /** Without it, requests are not signed. */
  signing?: Signing;
  /** Milliseconds since 1970, for fresh timestamps. */
  now(): number;
  /** Called with each delivery when it is read, to find what is wrong with its expectation before anything is sent. */
  check?(delivery: Pick<Prepared, "name" | "expectFile">): void;
}

/** How many deliveries are searched for what this version does not know; a load can have millions. */
const SEARCHED = 1000;
const SEARCHED_BYTES = 16 * 1024 * 1024;
const MAX_UNKNOWN = 100;

/** Prepares deliveries one by one with the same options. */
export class Preparing {
  readonly #preparation: Preparation;
  readonly #applied = new Set<string>();
  readonly #searched: Planned[] = [];
  #searchedBytes = 0;
  #prepared = 0;

  constructor(preparation: Preparation) {
    this.#preparation = preparation;
  }

  /**
   * Without edits, JSON text keeps its key order and the exact digits of numbers; edits use values as parsed by `JSON.parse`.
   * Throws a `UsageError` when the payload to edit is not JSON.
   */
  prepare(planned: Planned): Prepared {
    const { name, bytes, exact, expectFile } = planned;
    this.#keepForSearch(planned);
    const delivery = { name, ...(expectFile === undefined ? {} : { expectFile }) };
    this.#preparation.check?.(delivery);
    const { edits, escape, signing, now } = this.#preparation;
    const position = this.#prepared++;
    const encode = (): Buffer => {
      if (!isEdited(edits)) return exact ? bytes : encoded(name, () => encodeWireText(bytes.toString("utf8"), escape));
      const payload = parse(name, bytes);
      if (edits.ownCustomers === true) setCustomer(payload, position);
      edit(payload, edits, now(), this.#applied);
      return encoded(name, () => encodeWire(payload, escape));
    };
    // Encoded early, so that an invalid edit is reported before anything is sent.
    const body = isEdited(edits) ? encode() : undefined;
    const first = once(() => toRequest(body ?? encode(), signing));
    const at = once(async () => {
      // Reading events needs every kind, which replay without --speed does not load.
      const { readBody } = await import("../webhook/payload.ts");
      return readBody(bytes).find((event) => event.at !== undefined)?.at;
    });
    const payload = edits.fresh ? encode : () => body ?? encode();
    return {
      ...delivery,
      bytes: bytes.length,
      at,
      payload,
      request: edits.fresh ? () => toRequest(encode(), signing) : first,
    };
  }

  /** The paths of events that this version has no kind for, each with the name of its delivery. They are sent like all others. */
  async unknown(): Promise<string[]> {
    const found = new Set<string>();
    if (this.#searched.length === 0) return [];
    // As above: most runs have bundled fixtures only.
    const { readBody } = await import("../webhook/payload.ts");
    for (const { name, bytes } of this.#searched) {
      for (const { unknown, path } of readBody(bytes)) {
        if (unknown === true && found.size < MAX_UNKNOWN) found.add(`${name} ${path}`);
      }
    }
    return [...found];
  }

  #keepForSearch(planned: Planned): void {
    const { bundled, bytes } = planned;
    if (bundled === true || this.#searched.length >= SEARCHED) return;
    if (this.#searchedBytes + bytes.length > SEARCHED_BYTES) return;
    this.#searchedBytes += bytes.length;
    this.#searched.push(planned);
  }

  /** Throws a `UsageError` when an edit matched no prepared delivery. */
  check(): void {
    const missed = this.#preparation.edits.set.find((assignment) => !this.#applied.has(assignment));
    if (missed !== undefined) throw unappliedError(missed);
  }
}

function once<Value>(create: () => Value): () => Value {
  let created: { value: Value } | undefined;
  return () => (created ??= { value: create() }).value;
}

function encoded(name: string, encode: () => Buffer): Buffer {
  try {
    return encode();
  } catch (cause) {
    // Any depth can be parsed, but encoding is recursive, and so is a text with millions of escapes.
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`cannot encode ${name}: nested too deeply, or too many escapes in one string`, {
      code: "fixture.too-deep",
      hint: "send it unchanged with --raw, without --set, --from, --hide-numbers and --fresh",
      cause,
    });
  }
}

function parse(name: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new UsageError(`cannot edit ${name}: not JSON: ${reasonOf(cause)}`, {
      code: "fixture.not-json",
      hint: "remove --set, --from, --hide-numbers and --fresh to send it unchanged",
      cause,
    });
  }
}

/** Signs a body, or makes the fault. */
export function toRequest(body: Buffer, signing: Signing | undefined): Outgoing {
  if (signing === undefined) return { body, headers: META_HEADERS };
  const { appSecret, fault } = signing;
  const secret = fault === "wrong-secret" ? `not ${appSecret}` : appSecret;
  return {
    body: fault === "tampered" ? tamper(body) : body,
    headers: fault === "unsigned" ? META_HEADERS : [...META_HEADERS, ...signatures(body, secret)],
  };
}

/** The same JSON with one character of a value changed. */
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
