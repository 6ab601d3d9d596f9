/** The table of who may import whom, and where each library is used. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { expect, test } from "vitest";

const MAY_IMPORT: Record<string, string[]> = {
  body: [],
  duration: [],
  errors: [],
  json: [],
  listen: [],
  queue: [],
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
const GROUND = new Set(["body", "duration", "errors", "json", "listen", "queue", "timings", "url"]);
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
  libsql: ["store/sqlite", "store/writer", "store/lock"],
  "libsql/promise": ["store/writer"],
  "hono/router/pattern-router": ["emulator/router"],
  "@ngrok/ngrok": ["tunnel/ngrok"],
  yaml: ["tunnel/ngrok-config"],
  leven: ["webhook/words"],
};

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
