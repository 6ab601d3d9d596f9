/** Checks the built site: every link of its pages leads to a page, a file or an anchor of it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ID = /\sid="([^"]+)"/g;
const LINK = /\s(?:href|src)="([^"]+)"/g;

/** The links of a built site that lead nowhere, as `page → link`. `base` is the path that the site is served under: `/wa-hook/`. */
export function brokenLinks(folder: string, base: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .map((file) => file.replaceAll("\\", "/"));
  const html = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]));
  const ids = new Map(
    [...html].map(([page, text]) => [page, new Set([...text.matchAll(ID)].map(([, id = ""]) => id))]),
  );

  const leadsSomewhere = (page: string, link: string): boolean => {
    const from = `https://site${base}${page.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "")}`;
    const { host, pathname, hash } = new URL(link, from);
    if (host !== "site") return true;
    if (!pathname.startsWith(base)) return false;
    const path = decodeURI(pathname.slice(base.length));
    const target = [path, `${path}.html`, `${path}index.html`].find((file) => html.has(file));
    if (target === undefined) return path !== "" && existsSync(join(folder, path));
    return hash === "" || ids.get(target)?.has(decodeURIComponent(hash.slice(1))) === true;
  };

  return [...html].flatMap(([page, text]) => {
    const links = new Set([...text.matchAll(LINK)].map(([, link = ""]) => link.replaceAll("&amp;", "&")));
    return [...links].filter((link) => !leadsSomewhere(page, link)).map((link) => `${page} → ${link}`);
  });
}
