import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

import fc from "fast-check";
import { expect, test } from "vitest";

import { saveEnv } from "../../src/terminal/env-file.ts";
import { temporaryFolder } from "../support/world.ts";

function saved(text: string, values: Record<string, string>): string {
  const file = join(temporaryFolder(), ".env");
  writeFileSync(file, text);
  saveEnv(file, values);
  return readFileSync(file, "utf8");
}

test.each([
  ["a plain line", "A=1\nTOKEN=old\nB=2\n", "A=1\nTOKEN=new\nB=2\n"],
  ["a comment behind it", "TOKEN=old # of Monday\n", "TOKEN=new # of Monday\n"],
  ["quotes", 'TOKEN="old"\nB=2', "TOKEN=new\nB=2"],
  ["several lines in quotes", "TOKEN='old\nolder'\nB=2\n", "TOKEN=new\nB=2\n"],
  ["export and spaces", "  export TOKEN = old\n", "  export TOKEN = new\n"],
  ["no value", "TOKEN=\nB=2\n", "TOKEN=new\nB=2\n"],
  ["two lines, of which the last counts", "TOKEN=a\nTOKEN=b\n", "TOKEN=a\nTOKEN=new\n"],
  ["a comment that looks like it", "# TOKEN=old\nMY_TOKEN=x\n", "# TOKEN=old\nMY_TOKEN=x\nTOKEN=new\n"],
  ["no end of the last line", "A=1", "A=1\nTOKEN=new\n"],
  ["Windows' line ends", "A=1\r\nTOKEN=old\r\nB=2\r\n", "A=1\r\nTOKEN=new\r\nB=2\r\n"],
  ["nothing", "", "TOKEN=new\n"],
])("a setting is replaced in a file with %s", (_, before, after) => {
  expect(saved(before, { TOKEN: "new" })).toBe(after);
});

test("a new file is for its owner only, and so is one that others could read before", () => {
  const folder = temporaryFolder();
  const [fresh, shared] = [join(folder, "fresh"), join(folder, "shared")];
  expect(saveEnv(fresh, { TOKEN: "new" })).toEqual({ madePrivate: false });
  writeFileSync(shared, "A=1\n");
  chmodSync(shared, 0o646);
  expect(saveEnv(shared, { TOKEN: "new" })).toEqual({ madePrivate: true });
  expect([fresh, shared].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  expect(readdirSync(folder).toSorted()).toEqual(["fresh", "shared"]);
});

test("a link stays a link, and the file behind it is written", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "real"), "TOKEN=old\n");
  symlinkSync("real", join(folder, ".env"));
  saveEnv(join(folder, ".env"), { TOKEN: "new" });
  expect(readFileSync(join(folder, "real"), "utf8")).toBe("TOKEN=new\n");
});

test("a file that cannot be written is said to be so, and nothing is left behind", () => {
  const folder = temporaryFolder();
  expect(() => saveEnv(join(folder, "none", ".env"), { TOKEN: "new" })).toThrow(/cannot be written/);
  expect(existsSync(join(folder, "none"))).toBe(false);
});

test("whatever is in the file, the setting is right afterwards and the others are as before, or nothing is written", () => {
  const line = fc.oneof(
    fc
      .tuple(fc.constantFrom("A", "TOKEN", "B"), fc.stringMatching(/^["'`]?[a-z #=\\]{0,8}["'`]?$/))
      .map(([name, value]) => `${name}=${value}`),
    fc.stringMatching(/^#? ?[A-Z= "'a-z]{0,12}$/),
  );
  const folder = temporaryFolder();
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const file = join(folder, ".env");
      const text = lines.join("\n");
      writeFileSync(file, text);
      const before = parseEnv(text) as Record<string, string>;
      try {
        saveEnv(file, { TOKEN: "new" });
      } catch {
        expect(readFileSync(file, "utf8")).toBe(text);
        return;
      }
      const after = parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
      expect(after).toEqual({ ...before, TOKEN: "new" });
    }),
    { numRuns: 300 },
  );
});
