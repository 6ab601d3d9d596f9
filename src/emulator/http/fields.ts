/** Selects the fields of a response: those requested with `fields`, or the defaults. */
import type { Node } from "../account/access.ts";
import type { Call } from "./call.ts";
import { invalid } from "./graph-response.ts";

/** Meta's node type names, used in error messages. */
const NODE_TYPES: Readonly<Record<Node, string>> = {
  phone: "WhatsAppBusinessPhoneNumber",
  waba: "WhatsAppBusinessAccount",
  app: "Application",
  media: "WhatsAppMedia",
  template: "WhatsAppMessageTemplate",
};

/** Throws a `GraphErrorResponse` when a requested field does not exist. */
export function fieldsOf(
  call: Call,
  node: Node,
  all: Readonly<Record<string, unknown>>,
  defaults: readonly string[],
): object {
  const requested = call.query["fields"];
  const names = requested === undefined ? defaults : [...new Set(["id", ...topLevel(requested)])];
  for (const name of names) {
    if (Object.hasOwn(all, name)) continue;
    throw invalid(`Tried accessing nonexisting field (${name}) on node type (${NODE_TYPES[node]})`);
  }
  // Meta's responses have the id last.
  const order = [...names.filter((name) => name !== "id"), "id"];
  return Object.fromEntries(order.map((name) => [name, all[name]]).filter(([, value]) => value !== undefined));
}

/** Parses `a,b{c,d},e.limit(3)` to `a`, `b` and `e`. */
function topLevel(fields: string): string[] {
  let depth = 0;
  let text = "";
  for (const char of fields) {
    if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (depth === 0) text += char;
  }
  return text
    .split(",")
    .map((name) => (name.split(/[.(]/, 1)[0] ?? "").trim())
    .filter((name) => name !== "");
}
