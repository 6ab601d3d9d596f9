/** The shape of src/: rooms on floors, no circles, and one place for each library. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";

/** From the top down. A room imports from the floors below its own; a floor's rooms do not import each other. */
const FLOORS = [
  ["cli"],
  ["commands"],
  ["terminal"],
  // What joins engines, which do not know each other.
  ["inspector", "mcp", "testing"],
  ["check", "doctor", "emulator", "listener", "registration", "replay"],
  ["app", "flows", "graph", "store", "tunnel"],
  ["webhook"],
  ["messages"],
  ["meta-errors"],
  ["http", "report"],
];
/** Of `commands/`, what every command may use; one command's folder does not import another's. */
const SHARED_BY_COMMANDS = new Set(["inputs", "views"]);
/** Commands that consist of others, and may import these. */
const CONSISTS_OF = new Map([
  ["dev", ["emulate", "listen", "mcp"]],
  ["mcp", ["check", "doctor", "events", "replay", "verify"]],
]);
/** Where each library is imported; zod may be anywhere. */
const LIBRARIES: Record<string, string[]> = {
  commander: ["cli/program.ts"],
  chalk: ["terminal/paint.ts"],
  "fast-string-truncated-width": ["terminal/paint.ts"],
  "@inquirer/prompts": ["terminal/ask.ts"],
  "libphonenumber-js/min": ["terminal/phone.ts", "graph/"],
  undici: ["http/", "graph/client.ts", "undici.d.ts"],
  libsql: ["store/"],
  "hono/router/pattern-router": ["emulator/http/"],
  "@ngrok/ngrok": ["tunnel/ngrok/"],
  yaml: ["tunnel/ngrok/"],
  "@redis/client": ["store/redis/"],
  "prom-client": ["listener/monitor/"],
  leven: ["webhook/words.ts"],
  "@modelcontextprotocol/sdk": ["mcp/"],
  vitest: ["testing/vitest.ts"],
  preact: ["inspector/page/"],
  uplot: ["inspector/page/views/overview/plot.tsx"],
};
/** What the page in the browser takes from the rest of the program, besides types. */
const FOR_THE_PAGE = new Set(["inspector/api.ts", "printable.ts"]);

/** A node of a syntax tree, as far as it matters here. */
interface Call {
  type?: string;
  start: number;
  end: number;
  arguments?: { type: string }[];
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => file.replaceAll("\\", "/"));
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** What a file imports, statically or later: paths in src/, and names of packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(join("src", file), "utf8");
  const found = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";$|\bimport\("([^"]+)"\)/gm);
  return [...found]
    .map((match) => match[1] ?? match[2] ?? "")
    .map((name) => (name.startsWith(".") ? normalize(join(dirname(file), name)).replaceAll("\\", "/") : name));
}

/** The folder in src/ that a file is in; nothing for a file of the ground. */
const roomOf = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : undefined);
const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));
const isShell = (file: string) =>
  floorOf(roomOf(file) ?? "") >= 0 && floorOf(roomOf(file) ?? "") <= floorOf("terminal");

function mayImport(file: string, imported: string): boolean {
  const [from, to] = [roomOf(file), roomOf(imported)];
  if (file === "index.ts") return !isShell(imported);
  if (to === undefined) return imported !== "index.ts";
  if (from === "commands" && to === "commands") return mayCommandImport(file, imported);
  if (from === undefined) return false;
  return from === to || floorOf(from) < floorOf(to);
}

function mayCommandImport(file: string, imported: string): boolean {
  const [, from = ""] = file.split("/");
  const [, to = ""] = imported.split("/");
  if (CONSISTS_OF.get(from)?.includes(to) === true) return true;
  return from === to || from === "index.ts" || SHARED_BY_COMMANDS.has(to);
}

test("every room has its floor", () => {
  const rooms = new Set(files.map(roomOf).filter((room) => room !== undefined));
  expect([...rooms].toSorted()).toEqual(FLOORS.flat().toSorted());
});

test("a room imports only from the floors below, and a command only what all commands share", () => {
  const wrong = [...imports].flatMap(([file, all]) =>
    all
      .filter((imported) => imports.has(imported) && !mayImport(file, imported))
      .map((imported) => `${file} → ${imported}`),
  );
  expect(wrong).toEqual([]);
});

test("no two files import each other, by any way round and types included", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (path.includes(file) || done.has(file)) return;
    for (const imported of imports.get(file) ?? []) if (imports.has(imported)) walk(imported, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});

test("each library is imported in its one place", () => {
  const packages = [...imports].flatMap(([file, all]) =>
    all
      .filter((name) => !imports.has(name) && !name.startsWith("node:") && name !== "zod")
      .map((name) => ({ file, name })),
  );
  const wrong = packages.filter(({ file, name }) => {
    const library = Object.keys(LIBRARIES).find((known) => name === known || name.startsWith(`${known}/`)) ?? "";
    return LIBRARIES[library]?.some((place) => file.startsWith(place)) !== true;
  });
  expect(wrong).toEqual([]);
});

test("the page takes little but types from the rest, and has no way to show text as HTML", () => {
  const ofPage = files.filter((file) => file.startsWith("inspector/page/"));
  for (const file of ofPage) {
    const text = readFileSync(join("src", file), "utf8");
    expect(text, file).not.toMatch(
      /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function/,
    );
    const taken = text.matchAll(/^import (?!type )[^;]*?\bfrom "(\.[^"]+)";$/gm);
    const outside = [...taken]
      .map(([, name = ""]) => normalize(join(dirname(file), name)).replaceAll("\\", "/"))
      .filter((name) => !name.startsWith("inspector/page/") && !FOR_THE_PAGE.has(name));
    expect(outside, file).toEqual([]);
  }
});

test("every file says in its first line what it is for", () => {
  for (const file of files) expect(readFileSync(join("src", file), "utf8"), file).toMatch(/^\/\*\* /);
});

// `push(...items)` puts each item on the stack: from about 120 000 on it overflows.
test.each(files)("src/%s spreads no list into a call", (file) => {
  const text = readFileSync(join("src", file), "utf8");
  const calls: string[] = [];
  const look = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) look(each);
    if (typeof node !== "object" || node === null || Array.isArray(node)) return;
    const { type, start, end, arguments: given = [] } = node as Call;
    const isCall = type === "CallExpression" || type === "NewExpression";
    if (isCall && given.some((argument) => argument.type === "SpreadElement")) calls.push(text.slice(start, end));
    for (const part of Object.values(node)) look(part);
  };
  look(parseAst(text, { lang: file.endsWith("x") ? "tsx" : "ts" }).body);
  expect(calls).toEqual([]);
  expect(text).not.toMatch(/\.apply\(/);
});
