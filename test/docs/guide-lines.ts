/** What the pages of the site show of a terminal: command lines, and what they print. */
import { readdirSync, readFileSync } from "node:fs";

const pages = [
  ...readdirSync("docs").filter((file) => /^(?!api\.md)[\w-]+\.md$/.test(file)),
  ...readdirSync("docs/guides").map((file) => `guides/${file}`),
];
/** Each line of a script, as `guides/tokens.md: token --min-ttl 14d`, without comment. */
export const guideLines = pages.flatMap((page) => {
  const scripts = [...readFileSync(`docs/${page}`, "utf8").matchAll(/^```(?:sh|bash|yaml)\n(.*?)^```/gms)];
  return scripts.flatMap(([, text = ""]) =>
    [...text.matchAll(/(?:^|\bnpx )wa-hook (.*?)(?: +#.*)?$/gm)].map(([, line = ""]) => ({ page, line })),
  );
});

/** Each line of output on the first page and in the guides, without the command. */
export const shownLines = pages
  .filter((page) => page === "index.md" || page.startsWith("guides/"))
  .flatMap((page) => {
    const screens = [...readFileSync(`docs/${page}`, "utf8").matchAll(/^```console\n(.*?)^```/gms)];
    const lines = screens.flatMap(([, text = ""]) => text.split("\n"));
    return lines.filter((line) => !/^([$>] .*)?$/.test(line)).map((line) => ({ page, line }));
  });
