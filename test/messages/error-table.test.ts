import { expect, test } from "vitest";

import { ERROR_CODES, findErrorCode, OAUTH_SUBCODES } from "../../src/meta-errors/error-table.ts";

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Meta's list and what clients have met besides. */
const KNOWN = [
  [0, 1, 2, 3, 4, 10, 15, 17, 33, 100, 102, 104, 190, 341, 368, 506, 613, 2200, 2500, 80_007, 1_752_041],
  span(200, 299),
  [130_429, 130_472, 130_497, 131_000, 131_005, 131_008, 131_009, 131_016, 131_020, 131_021, 131_026, 131_030],
  [131_031, 131_037, 131_041, 131_042, 131_044, 131_045, 131_059, 131_060],
  [span(131_047, 131_053), span(131_055, 131_057), span(131_062, 131_064), span(131_201, 131_215)].flat(),
  [132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_068, 132_069],
  [133_000, 133_004, 133_005, 133_006, 133_008, 133_009, 133_010, 133_015, 133_016],
  [134_011, 134_100, 134_101, 134_102, 135_000, 137_000, 2_494_100],
  [span(138_000, 138_018), span(139_000, 139_004), span(139_100, 139_103), span(147_001, 147_004)].flat(),
  [span(200_005, 200_007), span(2_388_000, 2_388_999), span(2_593_107, 2_593_109)].flat(),
].flat();

const ranges = ERROR_CODES.filter(({ to }) => to !== undefined);

test("every code that Meta lists is known", () => {
  expect(KNOWN.filter((code) => findErrorCode(code) === undefined)).toEqual([]);
});

test("a code of its own is found before the range that it lies in, and a code beside all is not found", () => {
  expect(findErrorCode(131_030)?.title).toBe("Recipient phone number not in allowed list");
  expect(findErrorCode(131_204)?.title).toBe("Participant overlimit");
  expect(findErrorCode(131_203)?.title).toBe("Groups API error");
  expect(findErrorCode(138_000)?.title).toBe("Calling not enabled");
  expect([200, 299].map((code) => findErrorCode(code)?.title)).toEqual(["API Permission", "API Permission"]);
  expect([-1, 5, 199, 300, 131_216, 2_389_000, Number.NaN].map(findErrorCode)).toEqual(
    Array.from({ length: 7 }, () => undefined),
  );
});

test("no code is there twice, and no two ranges overlap", () => {
  const single = ERROR_CODES.filter(({ to }) => to === undefined).map(({ code }) => code);
  expect(single.filter((code, index) => single.indexOf(code) !== index)).toEqual([]);
  const codes = ranges.flatMap(({ code, to = code }) => span(code, to));
  expect(new Set(codes).size).toBe(codes.length);
  for (const { code, to = code } of ranges) expect(to).toBeGreaterThan(code);
  const subcodes = OAUTH_SUBCODES.map(({ subcode }) => subcode);
  expect(subcodes).toEqual([33, ...span(456, 468), 492]);
});

test.each([...ERROR_CODES, ...OAUTH_SUBCODES])(
  "the words of $code$subcode read on after a colon and fit a line",
  (known) => {
    for (const words of [known.meaning, known.remedy]) {
      expect(words.length).toBeGreaterThan(10);
      expect(words.length).toBeLessThanOrEqual(160);
      expect(words).not.toMatch(/[.;:,\s]$|^\s| {2}/);
      // In lower case, unless it begins with a name.
      expect(words).toMatch(/^([a-z/]|Meta|WhatsApp|PINs)/);
    }
    expect(known.remedy).not.toBe(known.meaning);
  },
);

test.each(ERROR_CODES)("the title and status of $code are as Meta prints them", ({ title, http }) => {
  expect(title).toMatch(/^[A-Z(].*[^.]$/);
  expect(title).not.toMatch(/^\(#/);
  expect([206, 400, 401, 403, 404, 429, 500, 503]).toContain(http);
});

test("what refuses the token is never worth trying again as it is", () => {
  const refused = ERROR_CODES.filter(({ credentials }) => credentials === true);
  expect(refused.map(({ code }) => code)).toEqual([0, 3, 10, 15, 102, 104, 190, 200, 2500, 131_005]);
  for (const { retry } of refused) expect(retry).toBeUndefined();
});

test("limits are told from passing faults, and both from what stays refused", () => {
  const codesOf = (retry: "soon" | "limit") =>
    ERROR_CODES.filter((known) => known.retry === retry).map(({ code }) => code);
  expect(codesOf("limit")).toEqual(expect.arrayContaining([4, 17, 341, 613, 80_007, 130_429, 131_056]));
  expect(codesOf("soon")).toEqual(expect.arrayContaining([1, 2, 131_000, 131_016, 131_057, 133_004]));
  for (const code of [100, 131_026, 131_030, 131_047, 131_048, 131_049])
    expect(findErrorCode(code)?.retry).toBeUndefined();
});
