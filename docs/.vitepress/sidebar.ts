/** The sidebar, from the files that exist; guides in the order in which a reader needs them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Item {
  text: string;
  link?: string;
  collapsed?: boolean;
  items?: Item[];
}

/** Other guides follow. */
const GUIDES = [
  "guides/missing-webhooks",
  "guides/signatures",
  "guides/duplicates",
  "guides/forwarding",
  "ci",
  "expectations",
  "guides/tokens",
  "guides/user-ids",
  "flows",
  "team",
  "mcp",
];
const ABOUT = ["api", "graph-api", "limits", "errors/index", "compare"];
/** Before the pages of the commands. */
const FIRST = ["index", "settings", "exit-codes", "problems"];

/** The items for the pages that exist in a folder of Markdown files. */
export function sidebar(docs: string): Item[] {
  const page = (path: string): Item => ({
    text: titleOf(join(docs, `${path}.md`)),
    link: `/${path.replace(/(^|\/)index$/, "$1")}`,
  });
  const existing = (paths: readonly string[]) => paths.filter((path) => existsSync(join(docs, `${path}.md`)));
  const others = [...namesIn(docs), ...namesIn(join(docs, "guides")).map((name) => `guides/${name}`)].filter(
    (path) => path !== "index" && !GUIDES.includes(path) && !ABOUT.includes(path),
  );
  const inFolder = (folder: string) =>
    namesIn(join(docs, folder))
      .toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en"))
      .map((name) => ({ name, item: page(`${folder}/${name}`) }));
  const groups: Item[] = [
    { text: "Start", items: [{ text: "First steps", link: "/" }] },
    { text: "Guides", items: [...existing(GUIDES), ...others].map(page) },
    { text: "Commands", collapsed: true, items: byNoun(inFolder("reference")) },
    { text: "Reference", items: existing(ABOUT).map(page) },
    { text: "Design decisions", collapsed: true, items: inFolder("decisions").map(({ item }) => item) },
  ];
  return groups.filter(({ items = [] }) => items.length > 0);
}

/** Commands with the same first word, such as `send text` and `send image`, are a group. */
function byNoun(all: readonly { name: string; item: Item }[]): Item[] {
  const nouns = [...new Set(all.map(({ name }) => nounOf(name)))];
  return nouns.flatMap((noun): Item[] => {
    const items = all.filter(({ name }) => nounOf(name) === noun).map(({ item }) => item);
    return items.length === 1 ? items : [{ text: noun, collapsed: true, items }];
  });
}

function nounOf(name: string): string {
  return FIRST.includes(name) ? name : (name.split("-")[0] ?? name);
}

/** 0 for the first page, and the same number for all that are not among the first. */
function rank(name: string): number {
  return FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => (file.endsWith(".md") ? [file.slice(0, -3)] : []));
}

/** The text of a page's first heading. */
function titleOf(file: string): string {
  const text = readFileSync(file, "utf8");
  const title = /^# (.*)$/m.exec(text)?.[1] ?? "wa-hook";
  return title.replaceAll("`", "").replace(/^wa-hook (?=.)/, "");
}
