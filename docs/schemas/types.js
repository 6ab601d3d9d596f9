// JSON Schemas of TypeScript types, as JSON.stringify writes their values: what is undefined is left out, a Date is a string.
import { API, SignatureKind, SymbolFlags, TypeFlags } from "typescript/unstable/sync";

/**
 * @typedef {import("typescript/unstable/sync").Type} Type
 * @typedef {import("typescript/unstable/sync").Symbol} Symbol
 * @typedef {Record<string, unknown>} Schema
 */

const PRIMITIVES = [
  [TypeFlags.AnyOrUnknown, {}],
  [TypeFlags.StringLike, { type: "string" }],
  [TypeFlags.NumberLike, { type: "number" }],
  [TypeFlags.BooleanLike, { type: "boolean" }],
  [TypeFlags.Null, { type: "null" }],
  [TypeFlags.NonPrimitive, { type: "object" }],
];

/** The types of a project, and their schemas. Close it at the end: the compiler is another process. */
export class Types {
  #api = new API();
  #project;
  #checker;
  /** @type {Map<number, { name: string, schema: Schema }>} Types with a name, by id; they refer to each other by it. */
  #named = new Map();

  constructor(config) {
    [this.#project] = this.#api.updateSnapshot({ openProjects: [config] }).getProjects();
    this.#checker = this.#project.checker;
  }

  close() {
    this.#api.close();
  }

  /** An exported type of a file. @returns {Type} */
  exported(file, name) {
    const module = this.#checker.getSymbolAtLocation(this.#project.program.getSourceFile(file));
    return this.#checker.getDeclaredTypeOfSymbol(this.#checker.getMemberInModuleExports(module, name));
  }

  /** The properties of a type with their types. @returns {[string, Type][]} */
  properties(type) {
    return this.#checker
      .getPropertiesOfType(type)
      .map((symbol) => [symbol.name, this.#checker.getTypeOfSymbol(symbol)]);
  }

  /** A whole schema: its named types are under `$defs`. Types with the tag `@internal` are left out of a union. @returns {Schema} */
  document(type) {
    const defs = {};
    const names = new Map();
    const renamed = (value) => {
      if (Array.isArray(value)) return value.map(renamed);
      if (typeof value !== "object" || value === null) return value;
      const { id, ...rest } = value;
      if (typeof id === "number") return { ...rest, $ref: `#/$defs/${nameOf(id)}` };
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, renamed(part)]));
    };
    const nameOf = (id) => {
      if (names.has(id)) return names.get(id);
      const { name, schema } = this.#named.get(id);
      const taken = new Set(names.values());
      let unique = name;
      for (let number = 2; taken.has(unique); number += 1) unique = `${name}${number}`;
      names.set(id, unique);
      defs[unique] = undefined;
      defs[unique] = renamed(schema);
      return unique;
    };
    const members = type.flags & TypeFlags.Never ? [] : type.isUnionType() ? type.getTypes() : [type];
    const events = members.filter((member) => !this.#isInternal(member)).map((member) => this.#inline(member));
    const anyOf = events.toSorted((one, other) => kindOf(one).localeCompare(kindOf(other), "en")).map(renamed);
    return { ...(anyOf.length === 0 ? { not: {} } : { anyOf }), ...(names.size === 0 ? {} : { $defs: defs }) };
  }

  #schema(type, path) {
    const name = this.#nameOf(type);
    if (name === undefined) return this.#inline(type, path);
    if (!this.#named.has(type.id)) {
      this.#named.set(type.id, { name });
      this.#named.get(type.id).schema = this.#inline(type, path);
    }
    return { id: type.id };
  }

  #inline(type, path = this.#checker.typeToString(type)) {
    const description = this.#commentOf(type);
    return { ...(description === "" ? {} : { description }), ...this.#shape(type, path) };
  }

  #shape(type, path) {
    if (type.isUnionType()) return this.#union(type.getTypes(), path);
    if (type.isLiteralType()) return { const: type.value };
    // `string & {}`, which leaves its known values to the editor, is a string.
    const parts = type.isIntersectionType() ? type.getTypes() : [type];
    const [, primitive] = PRIMITIVES.find(([flags]) => parts.some((part) => part.flags & flags)) ?? [];
    if (primitive !== undefined) return primitive;
    if (this.#checker.isTupleType(type)) {
      const items = this.#checker.getTypeArguments(type).map((item) => this.#schema(item, `${path}[]`));
      return { type: "array", prefixItems: items, minItems: items.length, maxItems: items.length };
    }
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type);
      return { type: "array", items: this.#schema(item, `${path}[]`) };
    }
    if (!type.isObjectType() && !type.isIntersectionType()) throw new Error(`${path} has no JSON Schema`);
    return this.#object(type, path);
  }

  #object(type, path) {
    const written = this.#checker.getPropertyOfType(type, "toJSON");
    if (written !== undefined) return this.#returned(written, path);
    if (this.#checker.getSignaturesOfType(type, SignatureKind.Call).length > 0)
      throw new Error(`${path} is a function`);
    const all = this.#checker.getPropertiesOfType(type);
    const properties = all.map((symbol) => [symbol.name, this.#property(symbol, `${path}.${symbol.name}`)]);
    const required = all.filter((symbol) => !this.#isOptional(symbol)).map(({ name }) => name);
    const [index] = this.#checker.getIndexInfosOfType(type);
    const others = index === undefined ? {} : this.#schema(index.valueType, `${path}[string]`);
    return {
      type: "object",
      ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(required.length === 0 ? {} : { required }),
      // `true`, so that it is also open where everything else is closed.
      ...(index === undefined ? {} : { additionalProperties: Object.keys(others).length === 0 ? true : others }),
    };
  }

  #property(symbol, path) {
    const description = lineOf(this.#checker.getDocumentationCommentOfSymbol(symbol));
    const schema = this.#schema(this.#checker.getTypeOfSymbol(symbol), path);
    if (description === "") return schema;
    const { description: _, ...rest } = schema;
    return { description, ...rest };
  }

  #isOptional(symbol) {
    const type = this.#checker.getTypeOfSymbol(symbol);
    const types = type.isUnionType() ? type.getTypes() : [type];
    return Boolean(symbol.flags & SymbolFlags.Optional) || types.some(({ flags }) => flags & TypeFlags.Undefined);
  }

  #returned(method, path) {
    const [signature] = this.#checker.getSignaturesOfType(this.#checker.getTypeOfSymbol(method), SignatureKind.Call);
    return this.#schema(this.#checker.getReturnTypeOfSignature(signature), path);
  }

  #union(types, path) {
    const some = types.filter(({ flags }) => !(flags & TypeFlags.Undefined));
    const booleans = some.filter(({ flags }) => flags & TypeFlags.BooleanLiteral);
    const values = some.filter((each) => each.isLiteralType() && !(booleans.length === 2 && booleans.includes(each)));
    const others = some.filter((each) => !each.isLiteralType()).map((each) => this.#schema(each, path));
    const parts = [
      ...(booleans.length === 2 ? [{ type: "boolean" }] : []),
      ...(values.length === 0 ? [] : [literals(values.map(({ value }) => value))]),
      ...others,
    ];
    return parts.length === 1 ? parts[0] : { anyOf: parts };
  }

  /** Of an interface or an alias that is not generic; literals are short enough to stand where they are used. */
  #nameOf(type) {
    const alias = type.getAliasSymbol();
    if (!type.isObjectType() && !type.isIntersectionType() && !isUnionOfObjects(type)) return undefined;
    if (alias !== undefined && type.getAliasTypeArguments().length === 0) return alias.name;
    const symbol = type.isObjectType() ? type.getSymbol() : undefined;
    const isInterface = symbol !== undefined && Boolean(symbol.flags & SymbolFlags.Interface);
    const isGeneric = type.isTypeReference() && this.#checker.getTypeArguments(type).length > 0;
    return isInterface && !isGeneric ? symbol.name : undefined;
  }

  /** The comment of the type, of its alias, or before the member of a union. */
  #commentOf(type) {
    for (const symbol of this.#symbolsOf(type)) {
      const comment = lineOf(this.#checker.getDocumentationCommentOfSymbol(symbol)) || this.#commentBefore(symbol);
      if (comment !== "") return comment;
    }
    return "";
  }

  #isInternal(type) {
    return this.#symbolsOf(type).some((symbol) => {
      const tags = this.#checker.getJsDocTagsOfSymbol(symbol);
      return tags.some(({ name }) => name === "internal") || this.#before(symbol).includes("@internal");
    });
  }

  #symbolsOf(type) {
    const parts = type.isIntersectionType() ? type.getTypes() : [];
    const all = [type.getAliasSymbol(), type.isObjectType() ? type.getSymbol() : undefined];
    // `Omit<Known, "key">` is described by `Known`.
    const [selectedFrom] = type.getAliasTypeArguments();
    const further = [...parts, ...(selectedFrom === undefined ? [] : [selectedFrom])];
    return [...all, ...further.flatMap((part) => this.#symbolsOf(part))].filter(
      (symbol) => symbol !== undefined && !this.#isOfLibrary(symbol),
    );
  }

  /** `Omit`, `Record` and `Date` say nothing about this project. */
  #isOfLibrary(symbol) {
    return symbol.declarations.some(({ path }) => path.includes("node_modules") || path.startsWith("bundled:"));
  }

  #commentBefore(symbol) {
    return lineOf(this.#before(symbol).replaceAll(/^\s*\* ?/gm, ""));
  }

  /** The text of the comment right before a type literal, which may be a member of a union or of an intersection. */
  #before(symbol) {
    const [node] = symbol.declarations.map((handle) => handle.resolve(this.#project));
    if (node === undefined || symbol.name !== "__type") return "";
    const { text } = node.getSourceFile();
    // The first member of a union need not have a bar; then the comment is a part of the node.
    const [trivia] = /^(?:\s|\/\*[^]*?\*\/|\/\/.*)*/.exec(text.slice(node.pos));
    const start = text.slice(0, node.pos + trivia.length);
    return /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*\|?\s*\(?\s*$/.exec(start)?.[1] ?? "";
  }
}

function isUnionOfObjects(type) {
  return type.isUnionType() && type.getTypes().every((member) => member.isObjectType() || member.isIntersectionType());
}

function literals(values) {
  return values.length === 1 ? { const: values[0] } : { enum: values };
}

function lineOf(comment) {
  return comment.replaceAll(/\s+/g, " ").trim();
}

/** What an event is sorted by. */
function kindOf(event) {
  return String(event.properties?.type?.const ?? "");
}
