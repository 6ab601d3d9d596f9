/** The table of who may import whom, and where each library is used. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";

const MAY_IMPORT: Record<string, string[]> = {
  duration: [],
  errors: [],
  http: [],
  json: [],
  listen: [],
  "owned-file": [],
  printable: [],
  queue: [],
  secret: [],
  timings: [],
  url: [],
  messages: [],
  report: [],
  tunnel: [],
  webhook: ["messages"],
  store: ["webhook"],
  replay: ["webhook", "report"],
  listener: ["webhook", "store"],
  graph: ["messages", "report"],
  registration: ["graph", "webhook", "store"],
  emulator: ["messages", "webhook"],
  doctor: ["graph", "webhook", "report"],
  commands: [
    "cli",
    "messages",
    "webhook",
    "report",
    "store",
    "replay",
    "listener",
    "graph",
    "registration",
    "emulator",
    "tunnel",
    "doctor",
  ],
  cli: ["commands"],
  index: ["webhook", "store", "replay", "listener", "emulator"],
};
/** What every room stands on. */
const GROUND = new Set([
  "duration",
  "errors",
  "http",
  "json",
  "listen",
  "owned-file",
  "printable",
  "queue",
  "secret",
  "timings",
  "url",
]);
const OF_CLI = ["command", "env-file", "paint", "settings", "world"];
const LIBRARIES: Record<string, string[]> = {
  commander: ["cli/program"],
  chalk: ["cli/paint"],
  "fast-string-truncated-width": ["cli/paint"],
  "@inquirer/prompts": ["cli/ask"],
  "libphonenumber-js/min": ["cli/paint", "graph/recipient"],
  undici: ["webhook/post", "graph/client", "undici.d"],
  "undici/lib/dispatcher/pool.js": ["webhook/post", "graph/client"],
  "undici/lib/api/api-request.js": ["graph/client"],
  libsql: ["store/batch", "store/lock", "store/rows", "store/sqlite", "store/writer"],
  "libsql/promise": ["store/writer"],
  "hono/router/pattern-router": ["emulator/router"],
  "@ngrok/ngrok": ["tunnel/ngrok"],
  yaml: ["tunnel/ngrok-config"],
  leven: ["webhook/words"],
};

/** As far as it matters here. */
interface Call {
  type?: string;
  start: number;
  end: number;
  arguments?: { type: string }[];
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const roomOf = (file: string) => (file.split("/")[0] ?? "").replace(/\.ts$/, "");

test.each(files)("src/%s imports only what its room may", (file) => {
  const text = readFileSync(join("src", file), "utf8");
  const imports = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";$|\bimport\("([^"]+)"\)/gm);
  const targets = [...imports].map((match) => match[1] ?? match[2] ?? "");
  for (const target of targets) {
    if (target.startsWith("node:") || target === "zod") continue;
    if (!target.startsWith(".")) {
      expect(LIBRARIES[target], `${target} has its one place`).toContain(file.replace(/\.ts$/, ""));
      continue;
    }
    const imported = relative(".", join(dirname(file), target));
    const room = roomOf(imported);
    if (room === roomOf(file) || GROUND.has(room)) continue;
    expect(MAY_IMPORT[roomOf(file)], `${file} → ${imported}`).toContain(room);
    if (room === "cli") expect(OF_CLI, `${file} → ${imported}`).toContain(imported.replace(/^cli\/|\.ts$/g, ""));
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
  look(parseAst(text, { lang: "ts" }).body);
  expect(calls).toEqual([]);
  expect(text).not.toMatch(/\.apply\(/);
});
