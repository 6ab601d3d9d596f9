import fc from "fast-check";
import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { columnsOf, paintFor, wrap } from "../../src/terminal/paint.ts";
import { Recorder, testWorld } from "../support/world.ts";

test("text is broken between words, and what follows is set in", () => {
  expect(wrap("  Meta says: one two three", 14, 4)).toBe("  Meta says:\n    one two\n    three");
  expect(wrap("short", 80, 2)).toBe("short");
  expect(wrap("label    and its text", 14, 2)).toBe("label    and\n  its text");
  expect(wrap("a word-that-is-too-long-to-fit b", 10, 2)).toBe("a\n  word-that-is-too-long-to-fit\n  b");
  expect(wrap("\u001b[31mred\u001b[39m and more", 8, 0)).toBe("\u001b[31mred\u001b[39m and\nmore");
});

test("a terminal that reports 0 columns, or none, has 80, and a pipe has no limit", async () => {
  const stream = (columns: number | undefined, isTTY = true) => Object.assign(new Recorder(isTTY), { columns });
  const widths = [stream(0), stream(undefined), stream(120), stream(0, false)];
  expect(widths.map((each) => paintFor(each, {}, true).width)).toEqual([80, 80, 120, Infinity]);
  const [none, eighty] = [stream(0), stream(80)];
  for (const stdout of [none, eighty]) await main(["replay", "--help"], { ...testWorld(), stdout });
  expect(none.text).toBe(eighty.text);
});

test("no word is lost, and no line is wider than it may be but for one long word", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-zäé👍]{1,12}$/u), { minLength: 1 }),
      fc.integer({ min: 8, max: 40 }),
      (words, width) => {
        const wrapped = wrap(words.join(" "), width, 2);
        expect(wrapped.split(/\s+/).join(" ")).toBe(words.join(" "));
        for (const line of wrapped.split("\n"))
          if (line.trim().includes(" ")) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});
