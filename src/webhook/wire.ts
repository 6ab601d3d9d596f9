/** JSON as Meta writes it on the wire: the bytes that its signatures are made over. */

/** `basic` is what WhatsApp deliveries show; `full` also escapes `@`, `%` and `<`, as Meta's older pages describe. */
export type Escape = "basic" | "full";

// A string of JSON text, or a run of white space between tokens. A string that never closes matches to the end of the text: a pattern
// that failed there would start anew at each quote in it. Runs of characters go in one step each: a step for each character would
// overflow the stack of the expression.
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[\t\n\r ]+/g;
const BEYOND_ASCII = /[\u007f-\uffff]/g;

/**
 * A value as Meta's bytes: no white space, `/` as `\/`, every UTF-16 unit beyond ASCII as `\uxxxx` in lower-case hex (an emoji is
 * two of them), so that every byte is 0x7E or less.
 */
export function encodeWire(value: unknown, escape: Escape = "basic"): Buffer {
  // Of JSON without white space, what is to be escaped stands in its texts only.
  return Buffer.from(escapeText(JSON.stringify(value), escape), "latin1");
}

/** The same for JSON text, which keeps what a parsed value would lose: the order of all keys, repeated keys, long numbers. */
export function encodeWireText(json: string, escape: Escape = "basic"): Buffer {
  const text = json.replace(TOKEN, (token) => (token.startsWith('"') ? encodeString(token, escape) : ""));
  return Buffer.from(text, "latin1");
}

function encodeString(token: string, escape: Escape): string {
  // Parsing first makes one form of the many in which JSON can write a character.
  const value = parseString(token);
  return value === undefined ? token : escapeText(JSON.stringify(value), escape);
}

/** Nothing for a string that never closes or has a raw line break in it: such text is sent as it is. */
function parseString(token: string): string | undefined {
  try {
    return JSON.parse(token) as string;
  } catch {
    return undefined;
  }
}

function escapeText(text: string, escape: Escape): string {
  const plain = escapeUnicode(text.replaceAll("/", String.raw`\/`));
  if (escape === "basic") return plain;
  // Meta's page prints the C of \u003C in upper case, against its own rule; parsers do not mind.
  return plain
    .replaceAll("@", String.raw`\u0040`)
    .replaceAll("%", String.raw`\u0025`)
    .replaceAll("<", String.raw`\u003C`);
}

/** Every UTF-16 unit beyond printable ASCII as `\uxxxx`, in lower-case hex. */
export function escapeUnicode(text: string): string {
  return text.replace(BEYOND_ASCII, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
