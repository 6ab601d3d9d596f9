/** From what is planned to the request that is sent: changed, encoded and signed as Meta does, or wrong on purpose. */
import { reasonOf, UsageError } from "../errors.ts";
import { META_HEADERS, signatures } from "../webhook/headers.ts";
import { readBody } from "../webhook/payload.ts";
import type { Outgoing } from "../webhook/post.ts";
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
  /** When the first of its events happened, in seconds since 1970. */
  at(): number | undefined;
  request(): Outgoing;
}

/** How planned deliveries become requests. */
export interface Preparation {
  edits: Edits;
  escape: Escape;
  signing: Signing;
  /** Milliseconds since 1970, for fresh timestamps. */
  now(): number;
}

/**
 * Without edits, JSON text keeps its key order and its numbers to the digit; edits go through parsed values, as in `JSON.parse`.
 * Throws a `UsageError` when an edit fits none of the planned deliveries.
 */
export function prepare(planned: readonly Planned[], { edits, escape, signing, now }: Preparation): Prepared[] {
  const applied = new Set<string>();
  const prepared = planned.map(({ name, bytes, exact }) => {
    const encode = (): Buffer => {
      if (!isEdited(edits)) return exact ? bytes : encodeWireText(bytes.toString("utf8"), escape);
      const payload = parse(name, bytes);
      edit(payload, edits, now(), applied);
      return encodeWire(payload, escape);
    };
    const first = toRequest(encode(), signing);
    const at = () => readBody(bytes).find((event) => event.at !== undefined)?.at;
    return { name, at, request: edits.fresh ? () => toRequest(encode(), signing) : () => first };
  });
  const missed = edits.set.find((assignment) => !applied.has(assignment));
  if (missed !== undefined) throw unappliedError(missed);
  return prepared;
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

function toRequest(body: Buffer, { appSecret, fault }: Signing): Outgoing {
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
