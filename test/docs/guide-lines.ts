/** The command lines that the pages of the site show. */
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
