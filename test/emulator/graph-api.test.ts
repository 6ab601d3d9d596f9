/** docs/graph-api.md: which operations of the Graph API the emulator has, generated from its routes. */
import { expect, test } from "vitest";

import { readablePath } from "../../src/emulator/http/router.ts";
import { routes } from "../../src/emulator/routes/index.ts";
import { DOCUMENTED } from "./documented-paths.ts";

const TITLES: readonly (readonly [string, string])[] = [
  ["phone", "Phone number"],
  ["waba", "WhatsApp Business Account"],
  ["template", "Template"],
  ["media", "Media"],
  ["flow", "Flow"],
  ["group", "Group"],
  ["signup", "Signup"],
  ["app", "App"],
  ["upload", "Upload session"],
  ["business", "Business portfolio"],
  ["system-user", "System user"],
  ["", "Others"],
];

const INTRODUCTION = `# The Graph API in the emulator

- ● emulated
- ◐ emulated, with the difference that is named
- ○ not emulated: the response is Meta's error for an unknown path, code 2500; code 100 where only the method is missing

Differences between versions of the Graph API are ignored. This list is generated: \`npx vitest run --project suite test/emulator/graph-api.test.ts -u\`.
`;

/** Operations as `GET /{phone-id}` with what differs from Meta; undefined for what is not emulated. */
const operations = new Map<string, string | undefined>(DOCUMENTED.map((operation) => [operation, undefined]));
for (const route of routes) operations.set(`${route.method} ${readablePath(route)}`, route.partly ?? "");

test("docs/graph-api.md lists every operation of the emulator, and those of Meta that it lacks", async () => {
  const sections = TITLES.map(([name, title]) => {
    const lines = [...operations]
      .filter(([operation]) => titleOf(operation) === name)
      .toSorted(([a], [b]) => pathOf(a).localeCompare(pathOf(b), "en") || a.localeCompare(b, "en"))
      .map(([operation, partly]) => `- ${markOf(partly)} \`${operation}\`${partly ? `: ${partly}` : ""}`);
    return lines.length === 0 ? "" : `\n## ${title}\n\n${lines.join("\n")}\n`;
  });
  await expect(INTRODUCTION + sections.join("")).toMatchFileSnapshot("../../docs/graph-api.md");
});

test("no operation has two routes", () => {
  const all = routes.map((route) => `${route.method} ${readablePath(route)}`);
  expect(all.filter((operation, at) => all.indexOf(operation) !== at)).toEqual([]);
});

function titleOf(operation: string): string {
  const name = /\{([\w-]+)-id\}/.exec(operation)?.[1] ?? "";
  return TITLES.some(([known]) => known === name) ? name : "";
}

function pathOf(operation: string): string {
  return operation.slice(operation.indexOf(" "));
}

function markOf(partly: string | undefined): string {
  if (partly === undefined) return "○";
  return partly === "" ? "●" : "◐";
}
