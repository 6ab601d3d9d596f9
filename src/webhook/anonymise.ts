/** Makes a delivery that can be shown to others: names, numbers, ids, texts and hashes are replaced, and nothing else is touched. */
import { isAscii } from "node:buffer";

import { wamid } from "./wamid.ts";
import { escapeUnicode } from "./wire.ts";

/** Values that are Meta's own words, or say when and how much: they stay. */
const KEPT = new Set(
  (
    "object field messaging_product type status event timestamp mime_type category pricing_model currency source_type media_type " +
    "recipient_type direction decision reason action state origin expiration_timestamp language code href error_data details version " +
    "country country_code quality_score new_quality_score previous_quality_score sdp_type"
  ).split(" "),
);
/** Meta's words about a failure. */
const OF_ERRORS = new Set(["title", "message", "details", "error_user_title", "error_user_msg"]);
const NAMES = new Set([
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

// A string with the colon behind it when it is a key, a number, a bracket.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\],]|true|false|null/g;

/**
 * The same JSON text with other people in it. The same value becomes the same replacement everywhere in the text; white space, order of
 * keys and escapes of what stays are kept. Throws a `SyntaxError` for what is no JSON.
 */
export function anonymise(json: string): string {
  JSON.parse(json);
  const replacing = new Replacing();
  const keys: (string | undefined)[] = [];
  let key: string | undefined;
  return json.replace(TOKEN, (token) => {
    if (token === "{" || token === "[") {
      keys.push(key);
      key = token === "[" ? key : undefined;
    } else if (token === "}" || token === "]") key = keys.pop();
    else if (token.startsWith('"') && token.endsWith(":")) key = keyOf(token);
    else if (token.startsWith('"')) return replacing.text(token, key, keys);
    else if (/^[-\d]/.test(token)) return replacing.number(token, key);
    return token;
  });
}

function keyOf(token: string): string {
  return JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
}

class Replacing {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  text(token: string, key: string | undefined, above: readonly (string | undefined)[]): string {
    const value = JSON.parse(token) as string;
    if (value === "" || this.#stays(value, key, above)) return token;
    const replacement = JSON.stringify(this.#replacement(value, key));
    // Meta's bytes are ASCII, and stay so.
    const escaped = isAscii(Buffer.from(token)) ? escapeUnicode(replacement) : replacement;
    return token.includes(String.raw`\/`) ? escaped.replaceAll("/", String.raw`\/`) : escaped;
  }

  number(token: string, key = ""): string {
    if (key === "latitude" || key === "longitude")
      return this.#once(token, () => String(10 + this.#next("degrees") / 1000));
    return /(^|_)id$/.test(key) && /^\d{5,}$/.test(token) ? this.#digits(token) : token;
  }

  #stays(value: string, key = "", above: readonly (string | undefined)[]): boolean {
    if (OF_ERRORS.has(key)) return above.includes("errors") || above.includes("error");
    // `flow` or `address_message`, beside what was filled in.
    if (key === "name" && above.at(-1) === "nfm_reply") return true;
    return KEPT.has(key) || /^[A-Z][A-Z0-9_]{2,}$/.test(value);
  }

  #replacement(value: string, key = ""): string {
    if (NAMES.has(key)) return this.#once(value, () => `Test Person ${this.#next("name")}`);
    if (value.startsWith("wamid."))
      return this.#once(value, () => wamid("15550000000", `anonymised ${this.#next("id")}`));
    if (/^\+?[\d\s()-]{5,}$/.test(value)) return this.#number(value);
    if (/^[A-Z]{2}\.(ENT\.)?\w+$/.test(value)) return value.replace(/\w+$/, (rest) => this.#digits(rest));
    if (/sha256|hash/.test(key)) return this.#once(value, () => this.#hash(value));
    if (/^https?:\/\//.test(value)) return this.#once(value, () => `https://example.com/${this.#next("url")}`);
    if (/(^|_)id$/.test(key) && !/\s/.test(value)) return this.#once(value, () => `anonymised-${this.#next("id")}`);
    return this.#once(value, () => filled(value));
  }

  /** The digits of a number are the same in every way of writing it. */
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

  /** In the same alphabet and length. */
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

  #next(sort: string): number {
    const count = (this.#counts.get(sort) ?? 0) + 1;
    this.#counts.set(sort, count);
    return count;
  }
}

/** Words of no meaning, as long as the text was; what is not ASCII in it stays not ASCII, for its bytes are what tests are about. */
function filled(value: string): string {
  let at = 0;
  return Array.from(value, (character) => {
    if (/\s/.test(character)) return character;
    const letter = FILLER[at++ % FILLER.length] ?? "x";
    return /[^\u0020-\u007e]/.test(character) ? "é" : letter === " " ? "-" : letter;
  }).join("");
}
