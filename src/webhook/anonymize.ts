/** Anonymizes a delivery: replaces names, numbers, ids, texts and hashes, and changes nothing else. */
import { isAscii } from "node:buffer";

import { wamid } from "./wamid.ts";
import { escapeUnicode } from "./wire.ts";

/** Keys whose values are kept: Meta's enums, times and amounts. */
const KEPT = new Set(
  (
    "object field messaging_product type status event timestamp mime_type category pricing_model currency source_type media_type " +
    "recipient_type direction decision reason action state origin expiration_timestamp language code href error_data details version " +
    "country country_code quality_score new_quality_score previous_quality_score sdp_type"
  ).split(" "),
);
/** Keys of error descriptions, whose text is Meta's own. */
const ERROR_KEYS = new Set(["title", "message", "details", "error_user_title", "error_user_msg"]);
const NAME_KEYS = new Set([
  "name",
  "formatted_name",
  "first_name",
  "last_name",
  "middle_name",
  "username",
  "verified_name",
  "full_name",
]);
const FILLER = "lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy eirmod tempor ";

// A string (a key includes its colon), a number, a bracket or a literal.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\],]|true|false|null/g;

/**
 * The same JSON text without personal data. Equal values get equal replacements throughout the text; white space, key order and
 * escapes are preserved. Throws a `SyntaxError` if the text is not JSON.
 */
export function anonymize(json: string): string {
  JSON.parse(json);
  const replacements = new Replacements();
  const keys: (string | undefined)[] = [];
  let key: string | undefined;
  return json.replace(TOKEN, (token) => {
    if (token === "{" || token === "[") {
      keys.push(key);
      key = token === "[" ? key : undefined;
    } else if (token === "}" || token === "]") key = keys.pop();
    else if (token.startsWith('"') && token.endsWith(":")) key = keyOf(token);
    else if (token.startsWith('"')) return replacements.text(token, key, keys);
    else if (/^[-\d]/.test(token)) return replacements.number(token, key);
    return token;
  });
}

function keyOf(token: string): string {
  return JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
}

class Replacements {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  text(token: string, key: string | undefined, parents: readonly (string | undefined)[]): string {
    const value = JSON.parse(token) as string;
    if (value === "" || this.#isKept(value, key, parents)) return token;
    const replacement = JSON.stringify(this.#replacement(value, key));
    // Meta's bytes are ASCII, so replacements in ASCII tokens are escaped as well.
    const escaped = isAscii(Buffer.from(token)) ? escapeUnicode(replacement) : replacement;
    return token.includes(String.raw`\/`) ? escaped.replaceAll("/", String.raw`\/`) : escaped;
  }

  number(token: string, key = ""): string {
    if (key === "latitude" || key === "longitude")
      return this.#once(token, () => String(10 + this.#next("degrees") / 1000));
    return /(^|_)id$/.test(key) && /^\d{5,}$/.test(token) ? this.#digits(token) : token;
  }

  #isKept(value: string, key = "", parents: readonly (string | undefined)[]): boolean {
    if (ERROR_KEYS.has(key)) return parents.includes("errors") || parents.includes("error");
    // In a form reply, `name` is the form type: `flow` or `address_message`.
    if (key === "name" && parents.at(-1) === "nfm_reply") return true;
    return KEPT.has(key) || /^[A-Z][A-Z0-9_]{2,}$/.test(value);
  }

  #replacement(value: string, key = ""): string {
    if (NAME_KEYS.has(key)) return this.#once(value, () => `Test Person ${this.#next("name")}`);
    if (value.startsWith("wamid."))
      return this.#once(value, () => wamid("15550000000", `anonymized ${this.#next("id")}`));
    if (/^\+?[\d\s()-]{5,}$/.test(value)) return this.#number(value);
    if (/^[A-Z]{2}\.(ENT\.)?\w+$/.test(value)) return value.replace(/\w+$/, (rest) => this.#digits(rest));
    if (/sha256|hash/.test(key)) return this.#once(value, () => this.#hash(value));
    if (/^https?:\/\//.test(value)) return this.#once(value, () => `https://example.com/${this.#next("url")}`);
    if (/(^|_)id$/.test(key) && !/\s/.test(value)) return this.#once(value, () => `anonymized-${this.#next("id")}`);
    return this.#once(value, () => fillerText(value));
  }

  /** Equal digits get equal replacements, whatever the format of the number. */
  #number(value: string): string {
    const digits = this.#digits(value.replaceAll(/\D/g, ""));
    let at = 0;
    return value.replaceAll(/\d/g, () => digits[at++] ?? "0");
  }

  #digits(value: string): string {
    return this.#once(value, () => {
      const count = String(this.#next("digits"));
      return `1555${"0".repeat(value.length)}`.slice(0, Math.max(1, value.length - count.length)) + count;
    });
  }

  /** A hash with the same alphabet and length. */
  #hash(value: string): string {
    const bytes = Buffer.alloc(32, this.#next("hash"));
    const text = /^[0-9a-f]+$/.test(value) ? bytes.toString("hex") : bytes.toString("base64");
    return text.slice(0, value.length);
  }

  #once(value: string, make: () => string): string {
    const known = this.#known.get(value) ?? make();
    this.#known.set(value, known);
    return known;
  }

  #next(type: string): number {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    return count;
  }
}

/** Filler text of the same length. Characters outside ASCII are replaced by one outside ASCII, to preserve the encoding of the bytes. */
function fillerText(value: string): string {
  let at = 0;
  return Array.from(value, (character) => {
    if (/\s/.test(character)) return character;
    const letter = FILLER[at++ % FILLER.length] ?? "x";
    return /[^\u0020-\u007e]/.test(character) ? "é" : letter === " " ? "-" : letter;
  }).join("");
}
