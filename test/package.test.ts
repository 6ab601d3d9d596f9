/** What is published: its size, what is in it, and its types as another project sees them. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { build, type OutputChunk } from "rolldown";
import { beforeAll, expect, test } from "vitest";

import { bundle, pageBundle } from "../bundle.js";
import { noticesOf } from "../notices.js";
import { fixture, fixtures } from "../src/webhook/fixtures.ts";
import { run } from "./support/program.ts";
import { temporaryFolder } from "./support/world.ts";

/** With the licenses of what is bundled. A growth over it is looked at before the figure is raised. */
const MAX_PACKED_BYTES = 800_000;

interface Pack {
  filename: string;
  size: number;
  files: { path: string }[];
}

let folder: string;
let pack: Pack;
let chunks: OutputChunk[];
let pageChunks: OutputChunk[];

/** A project that has the tarball installed, with its dependencies beside it. */
function project(): string {
  const place = temporaryFolder();
  const modules = join(place, "node_modules");
  mkdirSync(modules);
  execFileSync("tar", ["-xzf", join(folder, pack.filename), "-C", place]);
  cpSync(join(place, "package"), join(modules, "wa-hook"), { recursive: true });
  for (const name of ["libsql", "undici", "@libsql", "@neon-rs", "detect-libc", "@types", "undici-types"]) {
    symlinkSync(resolve("node_modules", name), join(modules, name));
  }
  writeFileSync(join(place, "package.json"), '{ "type": "module" }');
  return place;
}

beforeAll(async () => {
  // With the maps, which the published bundle leaves out: they lead to the sources.
  const { output } = await build({ ...bundle, write: false, output: { ...bundle.output, sourcemap: true } });
  const page = await build({ ...pageBundle, write: false, output: { ...pageBundle.output, sourcemap: true } });
  chunks = output.filter((part) => part.type === "chunk");
  pageChunks = page.output.filter((part) => part.type === "chunk");
  folder = mkdtempSync(join(tmpdir(), "wa-hook-pack-"));
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  [pack] = JSON.parse(
    execFileSync("npm", args, {
      shell: process.platform === "win32",
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as [Pack];
  return () => rmSync(folder, { recursive: true, force: true });
}, 60_000);

test("the tarball is small", () => {
  expect(statSync(join(folder, pack.filename)).size).toBe(pack.size);
  expect(pack.size).toBeLessThanOrEqual(MAX_PACKED_BYTES);
});

test("the tarball holds the program, the API with its types, the fixtures and nothing of the workshop", () => {
  const paths = pack.files.map(({ path }) => path);
  for (const path of [
    "bin/wa-hook.js",
    "dist/cli.js",
    "dist/index.js",
    "dist/page/index.html",
    "dist/page/page.js",
    "dist/page/page.css",
    "dist/types/index.d.ts",
    "fixtures/text.json",
    "dist/man/wa-hook.1",
    "LICENSE",
    "README.md",
    "SKILL.md",
    "THIRD-PARTY-NOTICES",
    "llms.txt",
  ]) {
    expect(paths).toContain(path);
  }
  expect(
    paths.filter(
      (path) =>
        !/^(bin|dist|fixtures|schemas)\/|^(package\.json|README\.md|SKILL\.md|llms\.txt|LICENSE|CHANGELOG\.md|THIRD-PARTY-NOTICES)$/.test(
          path,
        ),
    ),
  ).toEqual([]);
});

test("every package whose code is in the bundle is named in the notices with its license, and no other", () => {
  // By another way than the build's, which reads the names of the modules.
  const sources = [...chunks, ...pageChunks].flatMap(({ map }) => map?.sources ?? []);
  // A package can be inside another one's folder.
  const bundled = new Map(
    sources.flatMap((source): [name: string, folder: string][] => {
      const [folder = "", name] = /node_modules\/(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
      return name === undefined ? [] : [[name, folder]];
    }),
  );
  const notices = readFileSync("THIRD-PARTY-NOTICES", "utf8");
  const named = [...notices.matchAll(/^={80}\n(\S+) (\S+)\nLicense: (\S+)$/gm)].map(([, name = "", ...facts]) => ({
    name,
    facts,
  }));
  // The few lines that the bundler adds have no map.
  expect(named.map(({ name }) => name)).toEqual([...bundled.keys(), "@oxc-project/runtime", "rolldown"].toSorted());
  for (const { name, facts } of named.filter((each) => bundled.has(each.name))) {
    const folder = bundled.get(name) ?? "";
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
      string,
      string
    >;
    expect(facts, name).toEqual([version, license]);
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each)) ?? "";
    expect(notices).toContain(readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  }
});

test("a package without a permissive license, or without its text, ends the build", () => {
  const place = join(temporaryFolder(), "node_modules", "odd");
  mkdirSync(place, { recursive: true });
  const output = [{ type: "chunk", modules: { [join(place, "index.js")]: { renderedLength: 1 } } }] as never;
  const write = (license: string) =>
    writeFileSync(join(place, "package.json"), JSON.stringify({ name: "odd", license }));
  write("GPL-3.0-only");
  expect(() => noticesOf(output)).toThrow("odd is under GPL-3.0-only");
  write("MIT");
  expect(() => noticesOf(output)).toThrow("without the text of its license");
});

test("the installed program runs, from a folder that knows nothing of the repository", async () => {
  const place = project();
  const shown = async (...args: string[]) => {
    const program = run([process.execPath, "node_modules/wa-hook/bin/wa-hook.js", ...args, "--json"], { cwd: place });
    expect([await program.exit, program.stderr.text]).toEqual([0, ""]);
    return program.stdout.text;
  };
  const listed = (await shown("fixtures", "list")).split("\n").filter((line) => line.includes('"fixture"'));
  expect(listed).toHaveLength(fixtures().length);
  expect(JSON.parse(await shown("fixtures", "show", "status.failed"))).toEqual(fixture("status.failed").payload);
});

/** The modules that are loaded before a module runs, but for what it imports when it needs it. */
function loadedWith(file: string): string[] {
  const loaded = new Set<OutputChunk>();
  const load = (chunk: OutputChunk | undefined) => {
    if (chunk === undefined || loaded.has(chunk)) return;
    loaded.add(chunk);
    for (const name of chunk.imports) load(chunks.find(({ fileName }) => fileName === name));
  };
  load(chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(file))));
  return [...loaded].flatMap(({ moduleIds }) => moduleIds);
}

test("help needs no library but commander, and listing, showing and replaying fixtures needs no kind", () => {
  const help = loadedWith("src/cli/main.ts");
  expect(help).toContainEqual(expect.stringContaining("commander/lib/command.js"));
  expect(help.filter((id) => /node_modules\/(?!commander|leven)|terminal\/(command|paint)\.ts/.test(id))).toEqual([]);
  for (const file of ["fixtures/list.ts", "fixtures/show.ts", "replay/replay.ts"]) {
    const loaded = loadedWith(`src/commands/${file}`);
    expect(loaded, file).toContainEqual(expect.stringContaining("zod"));
    const slow = /src\/(messages|webhook\/(fields|shapes))\/|libphonenumber|undici|libsql/;
    expect(
      loaded.filter((id) => slow.test(id)),
      file,
    ).toEqual([]);
  }
});

test("the MCP server is loaded when it serves, and not before", () => {
  expect(loadedWith("src/mcp/server.ts")).toContainEqual(expect.stringContaining("modelcontextprotocol"));
  for (const file of ["src/cli/main.ts", "src/commands/mcp/mcp.ts", "src/commands/dev/dev.ts"]) {
    expect(loadedWith(file).filter((id) => id.includes("modelcontextprotocol"))).toEqual([]);
  }
});

test("no dependency has an install script, and only what is needed at run time is one", () => {
  const { dependencies, scripts } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
    string,
    Record<string, string>
  >;
  expect(Object.keys(dependencies ?? {})).toEqual(["@ngrok/ngrok", "@redis/client", "libsql", "undici", "yaml"]);
  expect(Object.keys(scripts ?? {}).filter((name) => /install|prepare$/.test(name))).toEqual([]);
  expect(readFileSync("package-lock.json", "utf8")).not.toContain("hasInstallScript");
});

test("the API works as its types say, in a strict project without the types of bundled packages", async () => {
  const place = project();
  cpSync("test/support/consumer.ts", join(place, "consumer.ts"));
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    module: "nodenext",
    target: "es2022",
    types: ["node"],
    lib: ["es2023", "esnext.disposable"],
    noUncheckedIndexedAccess: true,
  };
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["consumer.ts"] }));
  const compiled = run([process.execPath, resolve("node_modules/typescript/bin/tsc"), "-p", "."], { cwd: place });
  expect([await compiled.exit, compiled.stdout.text]).toEqual([0, ""]);
  const ran = run([process.execPath, "consumer.js"], { cwd: place });
  expect([await ran.exit, ran.stderr.text, ran.stdout.text]).toEqual([0, "", "ok\n"]);
});
