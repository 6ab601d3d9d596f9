/** What leaves the server: without secrets, without characters that cannot be seen, and limited in size. */
import { withoutPassword } from "../http/url.ts";
import { plain, plainLines } from "../printable.ts";

/** How much of a result is kept; the next one applies when the result is larger than `MAX_BYTES` as JSON. */
interface Limits {
  /** Characters of a text. */
  text: number;
  /** Items of a list, keys of an object. */
  items: number;
}

const LIMITS: readonly [Limits, ...Limits[]] = [
  { text: 8000, items: 200 },
  { text: 1000, items: 50 },
  { text: 300, items: 20 },
];
/** Clients refuse or truncate larger results, and each byte is read by a language model. */
const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 30;
const REDACTED = "(redacted)";
/** Shorter values occur in ordinary text. */
const MIN_SECRET = 4;

/** Keys of objects and names of headers whose values are secrets, whatever they are. */
const SECRET_KEY =
  /^(?:proxy-)?authorization$|^(?:set-)?cookie$|(?:^|[_.-])(?:access|verify|input|fb_exchange|revoke|auth)_?-?token$|secret(?:$|[_-]proof$)|appsecret_proof|password|passphrase|api[_-]?key|x-wa-hook-token/i;
/** Secrets in texts: Meta's access tokens, credentials of a header, and parameters of a URL. */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\bEA[A-Za-z0-9]{2}[A-Za-z0-9|_-]{20,}/g, REDACTED],
  [/\b(Bearer|Basic)\s+[\w.~+/=|-]{16,}/gi, `$1 ${REDACTED}`],
  [
    /\b((?:access|verify|input|fb_exchange|revoke|auth)_?token|client_secret|app_?secret(?:_proof)?|password|api_?key)=[^&\s"'<>]+/gi,
    `$1=${REDACTED}`,
  ],
];

/** Makes results safe to hand out, given the secrets that are known. */
export class Cleaner {
  readonly #secrets: readonly string[];

  constructor(secrets: Iterable<string>) {
    const known = [...new Set(secrets)].filter((secret) => secret.trim().length >= MIN_SECRET);
    // The longest first, because one can be part of another.
    this.#secrets = [...new Set(known.flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  }

  /** A copy of plain data, at most about 64 KB as JSON. */
  data(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
    let copy: Record<string, unknown> = {};
    for (const limits of LIMITS) {
      copy = this.#copy(value, limits, 0) as Record<string, unknown>;
      if (Buffer.byteLength(JSON.stringify(copy)) <= MAX_BYTES) break;
    }
    return copy;
  }

  /** A text of several lines. */
  text(text: string): string {
    return this.#text(text, LIMITS[0]);
  }

  #copy(value: unknown, limits: Limits, depth: number): unknown {
    if (typeof value === "string") return this.#text(value, limits);
    if (typeof value !== "object" || value === null) return value;
    if (depth > MAX_DEPTH) return "…";
    if (Array.isArray(value)) return value.slice(0, limits.items).map((item) => this.#item(item, limits, depth + 1));
    const entries = Object.entries(value).slice(0, limits.items);
    return Object.fromEntries(
      entries.map(([key, inner]) => [
        plain(this.#redact(key)),
        typeof inner === "string" && SECRET_KEY.test(key) ? REDACTED : this.#copy(inner, limits, depth + 1),
      ]),
    );
  }

  /** A header is a pair of name and value. */
  #item(item: unknown, limits: Limits, depth: number): unknown {
    const isSecret =
      Array.isArray(item) && item.length === 2 && typeof item[0] === "string" && SECRET_KEY.test(item[0]);
    return this.#copy(isSecret ? [item[0], REDACTED] : item, limits, depth);
  }

  #text(text: string, { text: most }: Limits): string {
    // The secrets of what is cut off need not be found, but one must not be cut in two.
    const clean = plainLines(this.#redact(text));
    return clean.length <= most ? clean : `${clean.slice(0, most)}… (${clean.length - most} more characters)`;
  }

  #redact(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, REDACTED);
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    return clean.replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, withoutPassword);
  }
}

/** As it is, in a URL, in JSON, and in base64 if that is long enough to be told from other text. */
function spellings(secret: string): string[] {
  const spelled = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return secret.length < 2 * MIN_SECRET
    ? spelled
    : [...spelled, Buffer.from(secret).toString("base64").replace(/=+$/, "")];
}
