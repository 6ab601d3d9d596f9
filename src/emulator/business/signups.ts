/** Links with which customers opt in to marketing messages. Source: Meta, "In-App Signup". */
import { asJsonObject } from "../../json.ts";
import { booleanOf, oneOf, requireText, textWithin } from "../http/checks.ts";
import { invalid } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";

interface Signup {
  id: string;
  status: string;
  [field: string]: string;
}

type Fields = Readonly<Record<string, unknown>>;

const MAX_SIGNUPS = 1000;
/** Meta documents no limits for these texts; this one bounds memory. */
const MAX_TEXT = 4096;
const REQUIRED = ["display_name", "signup_message", "confirmation_message", "privacy_policy_url"];
const OPTIONAL = ["website_url", "promo_code"];
const STATUSES = ["ACTIVE", "DISABLED"];

export class Signups {
  readonly #signups = new Map<string, Signup>();
  readonly #ids: Ids;
  #termsAccepted = false;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  has(id: string): boolean {
    return this.#signups.has(id);
  }

  get(id: string): Signup {
    const signup = this.#signups.get(id);
    if (signup === undefined) throw new Error(`no signup ${id}`);
    return signup;
  }

  list(): Signup[] {
    return [...this.#signups.values()];
  }

  /** Throws a `GraphErrorResponse` until the terms have been accepted with the first signup. */
  add(fields: Fields): Signup {
    const texts = REQUIRED.map((name) => [name, requireText(fields, name, MAX_TEXT)] as const);
    const policy = asJsonObject(fields["policy"]) ?? {};
    if (!this.#termsAccepted && (policy["tos"] === undefined || booleanOf(policy, "accepted") !== true)) {
      throw invalid("Invalid parameter", 'policy: the first signup requires { "tos": "…", "accepted": true }');
    }
    if (this.#signups.size >= MAX_SIGNUPS) throw invalid(`the account has reached the limit of ${MAX_SIGNUPS} signups`);
    const id = this.#ids.digits("signup");
    const signup = checked({ id, status: "ACTIVE", ...Object.fromEntries(texts), ...optionalTexts(fields, OPTIONAL) });
    this.#termsAccepted = true;
    this.#signups.set(id, signup);
    return signup;
  }

  update(id: string, fields: Fields): void {
    const status = oneOf(fields, "status", STATUSES);
    const texts = optionalTexts(fields, [...REQUIRED, ...OPTIONAL]);
    this.#signups.set(id, checked({ ...this.get(id), ...texts, ...(status === undefined ? {} : { status }) }));
  }
}

function optionalTexts(fields: Fields, names: readonly string[]): Record<string, string> {
  const texts = names.map((name) => [name, textWithin(fields, name, { max: MAX_TEXT })] as const);
  return Object.fromEntries(texts.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

function checked(signup: Signup): Signup {
  if (signup["confirmation_message"]?.includes("{{promo_code}}") !== true || signup["promo_code"]) return signup;
  throw invalid("Invalid parameter", "promo_code: required because confirmation_message contains {{promo_code}}");
}
