/** JSON as Meta serializes it: the bytes that it signs and sends. */

/** `basic` matches WhatsApp deliveries; `full` also escapes `@`, `%` and `<`, as Meta's older pages describe. */
export type Escape = "basic" | "full";

// A string, or white space between tokens. An unterminated string matches up to the end of the text, because a failing match would be
// retried at each quote in it. Runs of characters match in one step each, because a step per character would overflow the stack of
// the regular expression.
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[\t\n\r ]+/g;
const BEYOND_ASCII = /[\u007f-\uffff]/g;

/**
 * Serializes a value like Meta: no white space, `/` as `\/`, each UTF-16 unit outside ASCII as `\uxxxx` in lower-case hex (two for
 * an emoji). No byte is above 0x7E.
 */
export function encodeWire(value: unknown, escape: Escape = "basic"): Buffer {
  // Compact JSON has characters to escape in its strings only.
  return Buffer.from(escapeText(JSON.stringify(value), escape), "latin1");
}

/** The same for JSON text. Unlike a parsed value, it preserves key order, duplicate keys and long numbers. */
export function encodeWireText(json: string, escape: Escape = "basic"): Buffer {
  const text = json.replace(TOKEN, (token) => (token.startsWith('"') ? encodeString(token, escape) : ""));
  return Buffer.from(text, "latin1");
}

function encodeString(token: string, escape: Escape): string {
  // Parsing first normalizes the different escapes of the same character.
  const value = parseString(token);
  return value === undefined ? token : escapeText(JSON.stringify(value), escape);
}

/** Nothing for an unterminated string or one with a raw line break; such text is sent unchanged. */
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
  // Meta's page shows \u003C with an upper-case C, although it specifies lower-case hex; parsers accept both.
  return plain
    .replaceAll("@", String.raw`\u0040`)
    .replaceAll("%", String.raw`\u0025`)
    .replaceAll("<", String.raw`\u003C`);
}

/** Escapes each UTF-16 unit outside printable ASCII as `\uxxxx` in lower-case hex. */
export function escapeUnicode(text: string): string {
  return text.replace(BEYOND_ASCII, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
