/** Links from a page to files that are no pages: on the site they lead to the repository. */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/**
 * The path in the repository that a link of a page leads to when the file is no page of the site, with its anchor; undefined for every other
 * link. Throws when there is no such file.
 */
export function repositoryLink(href: string, page: string, docs: string): string | undefined {
  if (/^([a-z]+:|#|\/)/i.test(href)) return undefined;
  const [, path = "", anchor = ""] = /^([^#?]*)(.*)$/.exec(href) ?? [];
  const target = resolve(dirname(page), decodeURI(path));
  const isInDocs = !relative(docs, target).startsWith("..");
  const isPage = /\.(md|png|svg)$/.test(path) || existsSync(join(target, "index.md"));
  // VitePress reports what is missing in docs/.
  if (isInDocs && (isPage || !existsSync(target))) return undefined;
  const inRepository = relative(join(docs, ".."), target).replaceAll("\\", "/");
  if (!existsSync(target)) throw new Error(`${page} links to ${inRepository}, which does not exist`);
  return `${inRepository}${anchor}`;
}
