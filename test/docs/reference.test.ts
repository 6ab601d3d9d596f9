/** The generated reference is current, says what is so, and is Markdown and roff that say it; `-u` writes it, as `npm run docs:reference` does. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { manPages, text as roff } from "../../reference/man.js";
import { text as markdown } from "../../reference/markdown.js";
import { areaOf, problemsIn } from "../../reference/problems.js";
import { eventSchemas } from "../../reference/schemas.js";
import { filesOf } from "../../reference/write.js";
import { docsOf } from "../../src/cli/docs.ts";
import { EXIT_CODES } from "../../src/cli/exit-code.ts";
import { describeCommands } from "../../src/cli/manifest.ts";
import { CheckFailedError, RejectedError, WaHookError } from "../../src/errors.ts";
import { ERROR_CODES } from "../../src/meta-errors/error-table.ts";
import { temporaryFolder } from "../support/world.ts";

const reference = await describeCommands(eventSchemas());
const files = filesOf(reference);
const { homepage: site } = JSON.parse(readFileSync("package.json", "utf8")) as { homepage: string };

test.each([...files.keys()])("%s is what the registry says", async (file) => {
  await expect(files.get(file)).toMatchFileSnapshot(`../../${file}`);
});

test("docs/reference/ has a page for each command, and nothing else than what is generated", () => {
  const pages = [...files.keys()].flatMap((file) => (file.startsWith("docs/reference/") ? file.slice(15) : []));
  expect(readdirSync("docs/reference").toSorted()).toEqual(pages.toSorted());
  for (const { name } of reference.commands) expect(pages).toContain(`${name.replaceAll(" ", "-")}.md`);
});

/** The anchors of a page, as both GitHub and the site make them from headings of plain words. */
function anchorsOf(page: string): string[] {
  const headings = [...(files.get(`docs/${page}.md`) ?? "").matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) => heading.toLowerCase().replaceAll(" ", "-"));
}

describe("the addresses in errors", () => {
  const pageOf = (error: unknown) => docsOf(error).slice(site.length);
  const exists = (address: string) => {
    const [page = "", anchor = ""] = address.split("#");
    return anchorsOf(page).includes(anchor);
  };
  const { problems, unread } = problemsIn("src");

  test("start with the address of the site", () => {
    expect(site).toMatch(/^https:\/\/.*\/$/);
    expect(docsOf(new Error("a bug"))).toBe(`${site}reference/exit-codes#exit-code-70`);
    expect(exists(pageOf(new Error("a bug")))).toBe(true);
  });

  test("lead to a section of the problems that exists, for each code in the sources", () => {
    expect(problems.length).toBeGreaterThan(200);
    for (const { code } of problems) {
      const address = pageOf(new CheckFailedError("", { code }));
      expect([code, address, exists(address)]).toEqual([code, `reference/problems#${areaOf({ code })}`, true]);
    }
  });

  // Their codes come from somewhere else: from a finding, an argument, another error.
  const FROM_ELSEWHERE: Record<string, string[]> = {
    "commands/events/check.ts": ["store", "file"],
    "commands/init/steps/token.ts": ["token"],
    "commands/inputs/json-file.ts": ["template", "message"],
    "commands/listen/listen.ts": ["listen"],
    "graph/client.ts": ["media", "graph"],
    "graph/errors.ts": ["graph"],
    "graph/media.ts": ["media"],
    "graph/messages.ts": ["graph"],
    "registration/callback-refusal.ts": ["graph"],
    "registration/journal.ts": ["registration"],
    "store/redis/redis-error.ts": ["store"],
    "tunnel/time-limit.ts": ["tunnel", "listen"],
  };

  test("lead to one for each code that is not written where it is thrown", () => {
    expect([...new Set(unread)]).toEqual(Object.keys(FROM_ELSEWHERE));
    for (const area of Object.values(FROM_ELSEWHERE).flat())
      expect([area, exists(`reference/problems#${area}`)]).toEqual([area, true]);
  });

  test("of errors in the transcripts exist", () => {
    const transcripts = readdirSync("test/transcripts").map((file) => readFileSync(`test/transcripts/${file}`, "utf8"));
    const codes = transcripts.flatMap((text) =>
      [...text.matchAll(/"type":"error","code":"([^"]+)"/g)].map(([, code = ""]) => code),
    );
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect([code, exists(pageOf(new CheckFailedError("", { code })))]).toEqual([code, true]);
  });

  test("lead to the page of Meta's code, and to the problems for a code that wa-hook does not know", () => {
    const rejected = (code: number, subcode?: number) =>
      pageOf(new RejectedError("", { code: "graph.rejected", facts: { meta: { code, subcode } } }));
    for (const { code, parent } of ERROR_CODES) {
      expect(parent === undefined ? rejected(code) : rejected(parent, code)).toBe(`errors/${code}`);
    }
    expect(rejected(987_654_321)).toBe("reference/problems#graph");
  });

  test.skipIf(!existsSync("docs/errors"))("lead to a page for each of Meta's codes", () => {
    expect(readdirSync("docs/errors")).toEqual(expect.arrayContaining(ERROR_CODES.map(({ code }) => `${code}.md`)));
  });
});

describe("exit codes", () => {
  test("of the table are those of the errors", () => {
    const named = EXIT_CODES.flatMap(({ error }) => error ?? []);
    for (const { name, type } of named) {
      const error = new (type as new (message: string, details: { code: string }) => WaHookError)("", { code: "x" });
      expect([error.name, error instanceof WaHookError]).toEqual([name, true]);
    }
    expect(named).toHaveLength(6);
  });

  test("of every command in the transcripts are those of its page", () => {
    const seen = readdirSync("test/transcripts")
      .filter((file) => file.endsWith(".txt"))
      .flatMap((file) => endsIn(readFileSync(`test/transcripts/${file}`, "utf8")));
    const unlisted = seen.filter(({ name, code }) => {
      const command = reference.commands.find((each) => each.name === name);
      return command?.exitCodes.every((exit) => exit.code !== code);
    });
    expect(new Set(seen.map(({ name }) => name)).size).toBe(reference.commands.length);
    expect(unlisted).toEqual([]);
  });

  /** Which command ended with which exit code. */
  function endsIn(transcript: string): { name: string; code: number }[] {
    const ends = transcript.matchAll(/^\$ (?:npx )?wa-hook (\S+)(?: (\S+))?(?:(?!^\$ )[^])*?^exit (\d+)$/gm);
    return [...ends].flatMap(([, first = "", second = "", code]) => {
      const known = new Set(reference.commands.map(({ name }) => name));
      const name = [`${first} ${second}`, first].find((each) => known.has(each));
      return name === undefined ? [] : { name, code: Number(code) };
    });
  }
});

describe("Markdown", () => {
  test("shows text as it is", () => {
    expect(markdown("a < b & <c> {{ d }} *e* f_g [h] i|j")).toBe(
      "a &lt; b &amp; &lt;c&gt; `{{ d }}` \\*e\\* f\\_g \\[h\\] i\\|j",
    );
    expect(markdown('send {"a": "b_"} or { x')).toBe('send `{"a": "b_"}` or `{` x');
    expect(markdown("With --no-input: x-y")).toBe("With `--no-input`: x-y");
  });

  test("has no HTML and no template outside of code", () => {
    const pages = [...files].filter(([file]) => file.startsWith("docs/reference/"));
    for (const [file, page] of pages) {
      const plain = page.replaceAll(/^```[^]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
      expect([file, plain.match(/<|\{\{|`/)]).toEqual([file, null]);
    }
  });

  test("links to files and sections that exist", () => {
    for (const [file, page] of files) {
      for (const [, target = ""] of page.matchAll(/\]\(\.\/([^)]+)\)/g)) {
        const [path = "", anchor] = target.split("#");
        expect([file, target, files.has(`docs/reference/${path}`)]).toEqual([file, target, true]);
        if (anchor !== undefined) expect(anchorsOf(`reference/${path.slice(0, -3)}`)).toContain(anchor);
      }
      for (const [, path = ""] of page.replaceAll("](./", "](").matchAll(new RegExp(`\\]\\(${site}([^)#]*)`, "g"))) {
        expect([file, path, files.has(`docs/${path === "reference/" ? "reference/index" : path}.md`)]).toEqual([
          file,
          path,
          true,
        ]);
      }
    }
  });
});

describe("man pages", () => {
  const pages = manPages(reference, site);

  test("are there for the program and every first word of a command, with all options", () => {
    for (const { name, usage, options } of reference.commands) {
      const page = pages.get(`wa-hook-${name.split(" ")[0]}.1`) ?? "";
      expect(page).toContain(roff(usage));
      for (const { usage } of options) expect(page).toContain(`\n.B ${roff(usage)}\n`);
    }
  });

  test("are named in package.json, so that npm links them", () => {
    const { man } = JSON.parse(readFileSync("package.json", "utf8")) as { man: string[] };
    expect(man).toEqual([...pages.keys()].map((file) => `./dist/man/${file}`));
  });

  test("have no line that text makes a macro, and ASCII only", () => {
    expect(roff(".x 'y' \\z -- ü\n'q")).toBe("\\&.x \\(aqy\\(aq \\ez \\-\\- \\[u00FC]\n\\(aqq");
    for (const [file, page] of pages) {
      const macros = page.split("\n").filter((line) => /^[.']/.test(line));
      const unknown = macros.filter((line) => !/^\.(?:TH|SH|SS|PP|TP|B|RS|RE|br|nf|fi|nh|ad)\b/.test(line));
      expect([file, unknown, /[^\n -~]/.test(page)]).toEqual([file, [], false]);
    }
  });

  test.skipIf(spawnSync("groff", ["--version"]).status !== 0)("are typeset by groff as the registry says it", () => {
    const all = [...pages.values()].join("");
    const file = join(temporaryFolder(), "all.1");
    writeFileSync(file, all);
    const { stdout, stderr } = spawnSync("groff", ["-man", "-Tutf8", "-ww", "-P-c", "-rLL=200n", file], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const shown = stdout.replaceAll(/.\u0008/gu, "").replaceAll(/\s+/g, " ");
    for (const { options, examples } of reference.commands) {
      const said = [
        ...options.flatMap(({ usage, description }) => [usage, description]),
        ...examples.map(({ command }) => command),
      ];
      for (const each of said) expect(shown).toContain(each.replaceAll(/\s+/g, " "));
    }
  });
});
