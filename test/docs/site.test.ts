/** The documentation site: its links are checked, its sidebar has every page, and links to the source lead to the repository. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "vitest";

import { brokenLinks } from "../../docs/.vitepress/broken-links.ts";
import { repositoryLink } from "../../docs/.vitepress/repository-links.ts";
import { sidebar, type Item } from "../../docs/.vitepress/sidebar.ts";
import { temporaryFolder } from "../support/world.ts";

const docs = resolve("docs");
const page = join(docs, "guides/tokens.md");

/** A built site: file names with what is in them. */
function site(files: Record<string, string>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "errors"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("links to pages, anchors and files of a built site are right when they exist", () => {
  const folder = site({
    "index.html":
      '<h1 id="start"></h1><a href="#start"></a><a href="/wa-hook/errors/190#meaning"></a><a href="/wa-hook/errors/"></a>',
    "errors/index.html": '<img src="/wa-hook/page.png"><a href="https://example.com/nowhere"></a>',
    "errors/190.html": '<h2 id="meaning"></h2><a href="../"></a>',
    "page.png": "",
  });
  expect(brokenLinks(folder, "/wa-hook/")).toEqual([]);
});

test("links to a missing page, anchor or file, and outside of the site, are reported", () => {
  const folder = site({
    "index.html":
      '<h1 id="start"></h1><a href="#end"></a><a href="/wa-hook/errors/190#cause"></a><a href="/errors/190"></a>',
    "errors/190.html": '<h2 id="meaning"></h2><img src="missing.png"><a href="191"></a>',
  });
  expect(brokenLinks(folder, "/wa-hook/").toSorted()).toEqual([
    "errors/190.html → 191",
    "errors/190.html → missing.png",
    "index.html → #end",
    "index.html → /errors/190",
    "index.html → /wa-hook/errors/190#cause",
  ]);
});

test("a link to a file that is no page leads to the repository", () => {
  expect(repositoryLink("../../README.md#settings", page, docs)).toBe("README.md#settings");
  expect(repositoryLink("../../test/clients", page, docs)).toBe("test/clients");
  expect(repositoryLink("../snippets/express.js", page, docs)).toBe("docs/snippets/express.js");
  expect(repositoryLink("../snippets", page, docs)).toBe("docs/snippets");
});

test("a link to a page, an anchor or another site stays as it is", () => {
  for (const link of [
    "../ci.md#reports",
    "#generate-one",
    "/errors/",
    "https://example.com/",
    "mailto:a@example.com",
  ]) {
    expect(repositoryLink(link, page, docs)).toBeUndefined();
  }
});

test("a link to a file that does not exist ends the build", () => {
  expect(() => repositoryLink("../../missing.txt", page, docs)).toThrow("missing.txt, which does not exist");
});

test("the sidebar leads to every page but those of single error codes", () => {
  const links = sidebar(docs).flatMap(linksOf);
  const pages = readdirSync(docs, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".md") && !/(^|\/)node_modules\/|^errors\/\d/.test(file))
    .map((file) => `/${file.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`);
  expect(links.toSorted()).toEqual(pages.toSorted());
});

test("every page has one heading of the first level, and every guide a description for search engines", () => {
  for (const file of readdirSync(docs, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".md") || file.includes("node_modules")) continue;
    const text = readFileSync(join(docs, file), "utf8");
    const headings = text.replaceAll(/^```.*?^```/gms, "").match(/^# /gm) ?? [];
    expect(headings, file).toHaveLength(1);
    if (file.startsWith("guides")) expect(text, file).toMatch(/^---\ndescription: "/);
  }
});

test("the site is served where the homepage of the package says, from files that are there", () => {
  const { homepage, scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
    homepage: string;
    scripts: Record<string, string>;
  };
  expect(homepage).toMatch(/^https:\/\/[^/]+\/(.*\/)?$/);
  expect(readFileSync(".github/workflows/docs.yml", "utf8")).toContain("npm run docs:build");
  expect(scripts["docs:build"]).toBeDefined();
  expect(existsSync("docs/package-lock.json")).toBe(true);
});

function linksOf({ link, items = [] }: Item): string[] {
  return [...(link === undefined ? [] : [link]), ...items.flatMap(linksOf)];
}
