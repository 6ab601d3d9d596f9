/** The documentation site: `npm run docs:build` makes it of the Markdown files in docs/. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitepress";

import { brokenLinks } from "./broken-links.ts";
import { repositoryLink } from "./repository-links.ts";
import { sidebar, type Item } from "./sidebar.ts";

const docs = fileURLToPath(new URL("..", import.meta.url));
const { description, homepage, repository } = JSON.parse(readFileSync(`${docs}../package.json`, "utf8")) as {
  description: string;
  homepage: string;
  repository: { url: string };
};
const github = repository.url.replace(/^git\+|\.git$/g, "");
const base = new URL(homepage).pathname;
const groups = sidebar(docs);
const topics = groups.filter(({ text }) => text === "Guides" || text === "Commands");
const firstPageOf = ({ text, items }: Item) => ({ text, link: items?.[0]?.link ?? "/" });
const canonical = (page: string) => `${homepage}${page.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`;

export default defineConfig({
  title: "wa-hook",
  description,
  base,
  lang: "en-US",
  cleanUrls: true,
  // The repository's own page of this folder is no page of the site.
  srcExclude: ["**/README.md"],
  sitemap: { hostname: homepage },
  head: [["link", { rel: "icon", href: `${base}favicon.svg`, type: "image/svg+xml" }]],
  markdown: {
    // Pages are Markdown, and `<name>` is text.
    html: false,
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (md) => {
      md.core.ruler.push("terminals", ({ tokens }) => {
        // What a terminal shows has no syntax.
        for (const token of tokens) if (token.info === "console") token.info = "txt";
      });
      md.core.ruler.push("repository-links", ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.attrGet("href");
          const leads = href === null ? undefined : repositoryLink(href, (env as { path: string }).path, docs);
          if (leads !== undefined) token.attrSet("href", `${github}/blob/main/${leads}`);
        }
      });
    },
  },
  themeConfig: {
    nav: [...topics.map(firstPageOf), { text: "Error codes", link: "/errors/", activeMatch: "/errors/" }],
    sidebar: groups,
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: github }],
    editLink: { pattern: `${github}/edit/main/docs/:path`, text: "Edit this page" },
    footer: { message: "MIT license. Not affiliated with Meta or WhatsApp." },
  },
  // The index of the search is larger than what Vite warns about; it is loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  transformPageData: (page) => {
    (page.frontmatter["head"] ??= []).push(["link", { rel: "canonical", href: canonical(page.relativePath) }]);
  },
  buildEnd: ({ outDir }) => {
    const broken = brokenLinks(outDir, base);
    if (broken.length > 0) throw new Error(`links that lead nowhere:\n${broken.join("\n")}`);
  },
});
