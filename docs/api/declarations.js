// Reads declarations: what a file exports and imports, with the comment and the text of each.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { parseAst } from "rolldown/parseAst";

/**
 * @typedef {{ name: string, kind: "function" | "class" | "constant" | "type", doc: string, code: string, uses: string[], file: string }} Declaration
 * @typedef {{ declared: Map<string, Declaration>, imported: Map<string, Place>, exported: Map<string, Place> }} Module
 * @typedef {{ file: string, name: string }} Place
 */

const KINDS = {
  TSDeclareFunction: "function",
  FunctionDeclaration: "function",
  ClassDeclaration: "class",
  VariableDeclaration: "constant",
};

/** @type {Map<string, Module>} */
const modules = new Map();

/** The names that a file exports, each with its declaration. */
export function exportsOf(file) {
  return [...moduleOf(resolve(file)).exported].map(([name, place]) => ({ ...declarationAt(place), name }));
}

/** The declarations of this project that a declaration uses by name. */
export function usedBy({ file, uses }) {
  const { declared, imported } = moduleOf(file);
  return uses.flatMap((name) => {
    const place = declared.has(name) ? { file, name } : imported.get(name);
    return place === undefined ? [] : [declarationAt(place)];
  });
}

/** Follows names through files that only pass them on. */
function declarationAt({ file, name }) {
  const { declared, exported } = moduleOf(file);
  const found = declared.get(name);
  if (found !== undefined) return found;
  const next = exported.get(name);
  if (next === undefined) throw new Error(`${file} does not export ${name}`);
  return declarationAt(next);
}

/** @returns {Module} */
function moduleOf(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, "utf8");
  const module = { declared: new Map(), imported: new Map(), exported: new Map() };
  modules.set(file, module);
  for (const node of parseAst(text, { lang: "dts" }).body) read(node, { file, text, module });
  return module;
}

function read(node, { file, text, module }) {
  const from = (source) => resolve(dirname(file), source.replace(/\.js$/, ".d.ts"));
  if (node.type === "ImportDeclaration" && node.source.value.startsWith(".")) {
    for (const { imported, local } of node.specifiers) {
      module.imported.set(local.name, { file: from(node.source.value), name: imported.name });
    }
  }
  const isExport = node.type === "ExportNamedDeclaration";
  for (const { local, exported } of isExport ? node.specifiers : []) {
    const place =
      node.source === null ? { file, name: local.name } : { file: from(node.source.value), name: local.name };
    module.exported.set(exported.name, module.imported.get(local.name) ?? place);
  }
  const declaration = isExport ? node.declaration : node;
  const name = (declaration?.id ?? declaration?.declarations?.[0]?.id)?.name;
  if (name === undefined || declaration.type === "TSModuleDeclaration") return;
  const code = text.slice(declaration.start, node.end).replace(/^declare /, "");
  const doc = docBefore(text, node.start);
  // Overloads are one declaration.
  const before = module.declared.get(name);
  module.declared.set(name, {
    name,
    kind: KINDS[declaration.type] ?? "type",
    doc: before?.doc ?? doc,
    code: [...(before === undefined ? [] : [before.code]), tidy(code)].join("\n"),
    uses: [...(before?.uses ?? []), ...namesIn(declaration)],
    file,
  });
  if (isExport) module.exported.set(name, { file, name });
}

/** The text of the comment right before a position, without its frame. */
function docBefore(text, position) {
  const [, comment = ""] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*$/.exec(text.slice(0, position)) ?? [];
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join(" ")
    .trim();
}

/** Without what no caller can use, and with two spaces of indentation. */
function tidy(code) {
  return code
    .replaceAll(/^ *(?:#private|private [^;]*);\n/gm, "")
    .replaceAll(/^(?: {4})+/gm, (indent) => " ".repeat(indent.length / 2));
}

/** Every identifier in a type position. */
function namesIn(node) {
  const names = new Set();
  const walk = (value) => {
    if (Array.isArray(value)) for (const each of value) walk(each);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const name =
      value.typeName ?? value.exprName ?? (value.type === "TSInterfaceHeritage" ? value.expression : undefined);
    if (name?.type === "Identifier") names.add(name.name);
    if (value.superClass?.type === "Identifier") names.add(value.superClass.name);
    for (const part of Object.values(value)) walk(part);
  };
  walk(node);
  return [...names];
}
