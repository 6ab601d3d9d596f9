// The reference of everything that can be imported, as Markdown, from the declarations in dist/types.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { exportsOf, usedBy } from "./declarations.js";

const GROUPS = [
  ["Functions", ["function"]],
  ["Classes and constants", ["class", "constant"]],
  ["Types", ["type"]],
];

/** The entry points with types, each with its exports and with the types that these use without exporting them. */
export function entries() {
  const { name, exports } = JSON.parse(readFileSync("package.json", "utf8"));
  const all = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  const read = all.map(([path, { types }]) => ({ name: path.replace(".", name), exported: exportsOf(types) }));
  // A declaration is described once, in the first entry point that has it.
  const described = new Set(read.flatMap(({ exported }) => exported.map(keyOf)));
  return read.map(({ name, exported }) => ({ name, exported, further: furtherTypes(exported, described) }));
}

function furtherTypes(exported, described) {
  const further = [];
  const queue = [...exported];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const used of usedBy(next)) {
      if (described.has(keyOf(used))) continue;
      described.add(keyOf(used));
      further.push(used);
      queue.push(used);
    }
  }
  return further;
}

const keyOf = ({ file, code }) => `${file} ${code}`;

/** The whole document. */
export function apiReference() {
  const seen = new Set();
  const parts = entries().map((entry) => section(entry, seen));
  const start = "Everything that can be imported, from the types of the package; written by `npm run docs:api`.";
  const rule = "Times are milliseconds, and callers' mistakes are a `UsageError`, unless it says otherwise.";
  return `${["# API reference", `${start} ${rule}`, ...parts].join("\n\n")}\n`;
}

function section({ name, exported, further }, seen) {
  const again = exported.filter((each) => seen.has(keyOf(each)));
  const own = exported.filter((each) => !seen.has(keyOf(each)));
  for (const each of own) seen.add(keyOf(each));
  const groups = GROUPS.map(([title, kinds]) => [
    title,
    own.filter(({ kind }) => kinds.includes(kind)).toSorted(byName),
  ]);
  return [
    `## \`${name}\``,
    ...groups.filter(([, group]) => group.length > 0).flatMap(([title, group]) => [`### ${title}`, ...group.map(item)]),
    ...(further.length === 0 ? [] : ["### Types that are not exported", ...further.toSorted(byName).map(item)]),
    ...(again.length === 0
      ? []
      : [`Also exports ${again.map(({ name }) => `\`${name}\``).join(", ")}, described above.`]),
  ].join("\n\n");
}

function item({ name, doc, code }) {
  return [`#### ${name}`, ...(doc === "" ? [] : [doc]), `\`\`\`ts\n${code}\n\`\`\``].join("\n\n");
}

const byName = (one, other) => one.name.localeCompare(other.name, "en");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync("docs/api.md", apiReference());
