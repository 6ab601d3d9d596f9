import { expect, test } from "vitest";

import { ERROR_CODES, findErrorCode } from "../../src/meta-errors/error-table.ts";
import { OAUTH_SUBCODES } from "../../src/meta-errors/oauth-subcodes.ts";

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Meta's list, and codes from captures and client libraries. */
const KNOWN = [
  [0, 1, 2, 3, 4, 10, 15, 17, 33, 100, 101, 102, 104, 190, 341, 368, 506, 613, 2200, 2500, 80_007, 1_752_041],
  span(200, 299),
  [130_429, 130_472, 130_497, 131_000, 131_005, 131_008, 131_009, 131_016, 131_020, 131_021, 131_026, 131_030],
  [131_031, 131_037, 131_041, 131_042, 131_044, 131_045, 131_059, 131_060],
  [span(131_047, 131_053), span(131_055, 131_058), span(131_062, 131_064), span(131_201, 131_215)].flat(),
  [132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_068, 132_069],
  [133_000, 133_004, 133_005, 133_006, 133_008, 133_009, 133_010, 133_015, 133_016],
  [134_011, 134_100, 134_101, 134_102, 135_000, 136_024, 136_025, 137_000, 139_200],
  [2_494_100, span(2_494_164, 2_494_168), 2_494_176, 2_494_177, 2_494_191, 2_593_079, 2_593_085].flat(),
  [span(138_000, 138_018), span(139_000, 139_004), span(139_100, 139_103), span(147_001, 147_004)].flat(),
  [span(200_005, 200_007), span(2_388_000, 2_388_999), span(2_593_107, 2_593_109)].flat(),
].flat();

/** The verbs with which remedies begin. */
const VERBS = [
  "add ask assign call change check choose compare complete confirm continue copy correct create crop delete deprecate",
  "deregister disconnect do edit enable end exclude fix follow generate leave link list log make open queue raise",
  "read register remove repeat request respond restore run send set shorten start subscribe try unblock update",
  "use wait",
];
const IMPERATIVE = new RegExp(`^(${VERBS.join(" ").replaceAll(" ", "|")})\\b`);

const ranges = ERROR_CODES.filter(({ to }) => to !== undefined);

test("every documented code is in the table", () => {
  expect(KNOWN.filter((code) => findErrorCode(code) === undefined)).toEqual([]);
});

test("an exact entry takes precedence over a range, and an unlisted code is not found", () => {
  expect(findErrorCode(131_030)?.title).toBe("Recipient phone number not in allowed list");
  expect(findErrorCode(131_204)?.title).toBe("Participant overlimit");
  expect(findErrorCode(131_203)?.title).toBe("Groups API error");
  expect(findErrorCode(138_000)?.title).toBe("Calling not enabled");
  expect([200, 299].map((code) => findErrorCode(code)?.title)).toEqual(["API Permission", "API Permission"]);
  expect([-1, 5, 199, 300, 131_216, 2_389_000, Number.NaN].map(findErrorCode)).toEqual(
    Array.from({ length: 7 }, () => undefined),
  );
});

test("Meta's codes from 2388000 on are found as the subcode of 100, and under another code they mean nothing", () => {
  expect(findErrorCode(100, 2_388_024)?.title).toBe("Content in This Language Already Exists");
  expect(findErrorCode(100, 2_388_999)?.code).toBe(2_388_000);
  expect(findErrorCode(100, 33)?.code).toBe(100);
  expect(findErrorCode(190, 2_388_024)?.code).toBe(190);
  const subcodes = ERROR_CODES.filter(({ parent }) => parent !== undefined);
  expect(subcodes.every(({ code, parent }) => parent === 100 && Math.floor(code / 1000) === 2388)).toBe(true);
  expect(subcodes.length).toBe(ERROR_CODES.filter(({ code }) => Math.floor(code / 1000) === 2388).length);
});

test("the statuses of call errors are those that Meta sends", () => {
  const statuses = [138_002, 138_005, 138_006, 138_007].map((code) => findErrorCode(code)?.http);
  expect(statuses).toEqual([429, 429, 401, 500]);
});

test("codes are unique and ranges do not overlap", () => {
  const single = ERROR_CODES.filter(({ to }) => to === undefined).map(({ code }) => code);
  expect(single.filter((code, index) => single.indexOf(code) !== index)).toEqual([]);
  const codes = ranges.flatMap(({ code, to = code }) => span(code, to));
  expect(new Set(codes).size).toBe(codes.length);
  for (const { code, to = code } of ranges) expect(to).toBeGreaterThan(code);
  const subcodes = OAUTH_SUBCODES.map(({ subcode }) => subcode);
  expect(subcodes).toEqual([33, ...span(456, 468), 492]);
});

test.each([...ERROR_CODES, ...OAUTH_SUBCODES])(
  "meaning and remedy of $code$subcode are single lines that can follow a colon",
  (known) => {
    for (const text of [known.meaning, known.remedy]) {
      expect(text.length).toBeGreaterThan(10);
      expect(text.length).toBeLessThanOrEqual(160);
      expect(text).not.toMatch(/[.;:,\s]$|^\s| {2}/);
      // Lower case, unless it begins with a name.
      expect(text).toMatch(/^([a-z/]|Meta|WhatsApp|PINs)/);
    }
    expect(known.remedy).toMatch(IMPERATIVE);
    expect(known.remedy).not.toBe(known.meaning);
  },
);

test.each(ERROR_CODES)("title and HTTP status of $code have Meta's format", ({ title, http }) => {
  expect(title).toMatch(/^[A-Z(].*[^.]$/);
  expect(title).not.toMatch(/^\(#/);
  expect([206, 400, 401, 403, 404, 429, 500, 503]).toContain(http);
});

test("codes that refuse the token are not retried", () => {
  const refused = ERROR_CODES.filter(({ credentials }) => credentials === true);
  expect(refused.map(({ code }) => code)).toEqual([0, 3, 10, 15, 102, 104, 190, 200, 2500, 131_005]);
  for (const { retry } of refused) expect(retry).toBeUndefined();
});

test("rate limits, transient errors and permanent errors have different retry values", () => {
  const codesOf = (retry: "soon" | "limit") =>
    ERROR_CODES.filter((known) => known.retry === retry).map(({ code }) => code);
  expect(codesOf("limit")).toEqual(expect.arrayContaining([4, 17, 341, 613, 80_007, 130_429, 131_056]));
  expect(codesOf("soon")).toEqual(expect.arrayContaining([1, 2, 131_000, 131_016, 131_057, 133_004]));
  for (const code of [100, 131_026, 131_030, 131_047, 131_048, 131_049])
    expect(findErrorCode(code)?.retry).toBeUndefined();
});
