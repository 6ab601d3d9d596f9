/** docs/errors/ says what the table of error codes says; `npm run docs:errors` writes it. */
import { readdirSync } from "node:fs";

import { expect, test } from "vitest";

import { errorPages } from "../../docs/.vitepress/error-pages.ts";
import { ERROR_CODES } from "../../src/meta-errors/error-table.ts";

const pages = errorPages();

test("every code of the table has a page, and there are no others", () => {
  const expected = new Set(["index", ...ERROR_CODES.map(({ code }) => String(code))]);
  expect(new Set(pages.keys())).toEqual(expected);
  const files = readdirSync("docs/errors").map((file) => file.replace(/\.md$/, ""));
  expect(files.toSorted()).toEqual([...expected].toSorted());
});

test("each page is what the table says", async () => {
  for (const [name, text] of pages) await expect(`${text}\n`).toMatchFileSnapshot(`../../docs/errors/${name}.md`);
});

test("a page has the code, its meaning, its remedy and the source", () => {
  const page = pages.get("131030") ?? "";
  const known = ERROR_CODES.find(({ code }) => code === 131030);
  expect(known).toBeDefined();
  for (const part of [`# Error 131030: ${known?.title}`, known?.remedy, "`error.code` 131030", "Source: Meta"]) {
    expect(page).toContain(part);
  }
  expect(page.toLowerCase()).toContain(known?.meaning.toLowerCase());
});
