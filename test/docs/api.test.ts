/** The API reference is complete and current; `-u` writes it, as `npm run docs:api` does. */
import { expect, test } from "vitest";

import { apiReference, entries } from "../../docs/api/reference.js";

const read = entries();

test("docs/api.md says what the types say", async () => {
  await expect(apiReference()).toMatchFileSnapshot("../../docs/api.md");
});

test("every export of every entry point has a docstring", () => {
  expect(read.map(({ name }) => name)).toEqual(["wa-hook", "wa-hook/vitest", "wa-hook/jest", "wa-hook/node-test"]);
  for (const { exported } of read) {
    expect(exported.length).toBeGreaterThan(0);
    expect(exported.filter(({ doc }) => doc === "").map(({ name }) => name)).toEqual([]);
  }
});
