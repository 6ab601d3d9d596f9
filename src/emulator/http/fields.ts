/** The `fields` of a request: parsed, and selected from an object of the Graph API. Source: Meta, Graph API, "Field expansion". */
import type { Node } from "../account/access.ts";
import type { Call } from "./call.ts";
import { invalid } from "./graph-response.ts";

/** One requested field: `phone_numbers.limit(5){id,status}`. */
export interface Field {
  name: string;
  /** The values in parentheses: `limit` is `5`. */
  modifiers: ReadonlyMap<string, string>;
  /** The fields in braces. */
  fields?: readonly Field[];
}

/** An object of the Graph API: by field, its value, or a function for a list that has objects of its own. */
export type Fields = Readonly<Record<string, unknown>>;
type Edge = (field: Field) => unknown;

/** Meta's node type names, used in error messages. */
const NODE_TYPES: Readonly<Record<Node, string>> = {
  phone: "WhatsAppBusinessPhoneNumber",
  waba: "WhatsAppBusinessAccount",
  app: "Application",
  media: "WhatsAppMedia",
  user: "User",
  business: "Business",
  flow: "WhatsAppBusinessFlow",
  group: "WhatsAppBusinessGroup",
  signup: "WhatsAppBusinessSignup",
  upload: "UploadSession",
  template: "WhatsAppMessageTemplate",
};

/** The requested fields of an object, or its default ones. Throws a `GraphErrorResponse` when a field does not exist. */
export function fieldsOf(call: Pick<Call, "query">, node: Node, all: Fields, defaults: readonly string[]): object {
  return selectFields(requestedFields(call), node, all, defaults);
}

/** The fields that a request asks for; undefined when it asks for the default ones. */
export function requestedFields({ query }: Pick<Call, "query">): Field[] | undefined {
  return query["fields"] === undefined ? undefined : parseFields(query["fields"]);
}

/** The same for fields that are parsed, such as those of an edge in `phone_numbers{id,status}`. */
export function selectFields(
  requested: readonly Field[] | undefined,
  node: Node,
  all: Fields,
  defaults: readonly string[],
): object {
  const given: readonly Field[] = requested ?? defaults.map((name) => ({ name, modifiers: new Map() }));
  const wanted = new Map(given.map((field) => [field.name, field]));
  // Meta's responses have the id last.
  wanted.delete("id");
  const entries = [...wanted.values()].map((field) => {
    if (!Object.hasOwn(all, field.name)) {
      throw invalid(`Tried accessing nonexisting field (${field.name}) on node type (${NODE_TYPES[node]})`);
    }
    const value = all[field.name];
    return [
      field.name,
      typeof value === "function" ? (value as Edge)(field) : pickFields(value, field.fields),
    ] as const;
  });
  return Object.fromEntries([...entries, ["id", all["id"]] as const].filter(([, value]) => value !== undefined));
}

/** The parts of a value that the braces name; a part that it does not have is left out. */
export function pickFields(value: unknown, fields: readonly Field[] | undefined): unknown {
  if (fields === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => pickFields(each, fields));
  const found = fields.filter(({ name }) => Object.hasOwn(value, name));
  return Object.fromEntries(
    found.map(({ name, fields: inner }) => [name, pickFields((value as Record<string, unknown>)[name], inner)]),
  );
}

/** Deeper braces are read as part of the level above. */
const MAX_DEPTH = 10;
const MODIFIER = /\.(\w+)\(([^()]*)\)/g;

/** Parses `a,b{c,d},e.limit(3)`. Never throws: what is not closed ends with the text. */
export function parseFields(text: string): Field[] {
  const root: Field[] = [];
  const levels: Field[][] = [root];
  for (const [, written = "", mark = ""] of text.matchAll(/((?:\([^()]*\)|[^,{}()])*)([,{}()]|$)/g)) {
    const name = /^\s*(\w+)/.exec(written)?.[1];
    const level = levels.at(-1) ?? root;
    const field = name === undefined ? undefined : { name, modifiers: modifiersOf(written), fields: [] as Field[] };
    if (field !== undefined) level.push(field);
    if (mark === "{" && levels.length < MAX_DEPTH) levels.push(field?.fields ?? []);
    if (mark === "}" && levels.length > 1) levels.pop();
  }
  return root.map(withoutEmpty);
}

function modifiersOf(written: string): ReadonlyMap<string, string> {
  return new Map([...written.matchAll(MODIFIER)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

function withoutEmpty({ name, modifiers, fields = [] }: Field): Field {
  return { name, modifiers, ...(fields.length === 0 ? {} : { fields: fields.map(withoutEmpty) }) };
}
