/** Which fields of an object are told: those that were asked for, or the usual ones. */
import type { Node } from "../account/access.ts";
import { invalid } from "./answer.ts";
import type { Call } from "./call.ts";

/** Meta's names for what an id stands for. */
const NODE_TYPES: Readonly<Record<Node, string>> = {
  phone: "WhatsAppBusinessPhoneNumber",
  waba: "WhatsAppBusinessAccount",
  app: "Application",
  media: "WhatsAppMedia",
};

/** Throws the answer when one of them does not exist. */
export function fieldsOf(
  call: Call,
  node: Node,
  all: Readonly<Record<string, unknown>>,
  usual: readonly string[],
): object {
  const asked = call.query["fields"];
  const names = asked === undefined ? usual : [...new Set(["id", ...topLevel(asked)])];
  for (const name of names) {
    if (Object.hasOwn(all, name)) continue;
    throw invalid(`Tried accessing nonexisting field (${name}) on node type (${NODE_TYPES[node]})`);
  }
  // The id comes last, as Meta has it.
  const order = [...names.filter((name) => name !== "id"), "id"];
  return Object.fromEntries(order.map((name) => [name, all[name]]).filter(([, value]) => value !== undefined));
}

/** The names of `a,b{c,d},e.limit(3)` without what is in brackets. */
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
