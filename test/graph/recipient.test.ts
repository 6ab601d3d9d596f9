import fc from "fast-check";
import { expect, test } from "vitest";

import { admitRecipient, findAllowed, parseAllowedNumbers } from "../../src/graph/allowed-numbers.ts";
import { otherVariant } from "../../src/graph/national-variants.ts";
import { parseRecipient } from "../../src/graph/recipient.ts";

test.each([
  ["+16505551234", { to: "+16505551234" }],
  ["+1 (650) 555-1234", { to: "+16505551234" }],
  [" +49 1512 3456789 ", { to: "+4915123456789" }],
  ["US.13491208655302741918", { recipient: "US.13491208655302741918" }],
  ["US.ENT.11815799212886844830", { recipient: "US.ENT.11815799212886844830" }],
])("%s is a valid recipient", (typed, recipient) => expect(parseRecipient(typed)).toEqual(recipient));

test.each([
  ["16505551234", "has no + and country code"],
  ["0650 555 1234", "has no + and country code"],
  ["+1650call", "is not a phone number"],
  ["+1650555123", "is too short for its country"],
  ["+165055512345678", "is too long for its country"],
  ["+999123456789", "starts with a country code that does not exist"],
  ["+", "is not a phone number"],
  ["", "is not a phone number"],
  ["+1+650", "is not a phone number"],
])("%j is not a recipient: it %s", (typed, reason) => {
  expect(() => parseRecipient(typed)).toThrow(
    expect.objectContaining({ code: "recipient.invalid", message: expect.stringContaining(reason) }),
  );
});

test.each([
  ["Mexico", "+5215512345678", "+525512345678"],
  ["Argentina", "+5491123456789", "+541123456789"],
  ["Brazil", "+5511987654321", "+551187654321"],
])("numbers of %s have two variants, and either matches the list", (_, long, short) => {
  expect([otherVariant(long), otherVariant(short)]).toEqual([short, long]);
  expect(findAllowed(long, [short])).toBe(short);
  expect(findAllowed(short, [long])).toBe(long);
  expect(findAllowed(long, [long, short])).toBe(long);
});

test("other numbers, and land lines of Brazil, have one variant", () => {
  expect(otherVariant("+16505551234")).toBeUndefined();
  expect(otherVariant("+551132345678")).toBeUndefined();
  expect(findAllowed("+16505551235", ["+16505551234"])).toBeUndefined();
});

test("the other variant of the other variant is the number itself", () => {
  fc.assert(
    fc.property(fc.constantFrom("521", "52", "549", "54"), fc.stringMatching(/^[2-9]\d{9}$/), (country, rest) => {
      const number = `+${country}${rest}`;
      const other = otherVariant(number);
      expect(other).toBeDefined();
      expect(otherVariant(other as string)).toBe(number);
    }),
  );
});

test("the list of allowed numbers may have spaces, empty entries, and numbers without +", () => {
  expect(parseAllowedNumbers("+1 650 555 1234, 4915123456789,;\n")).toEqual(["+16505551234", "+4915123456789"]);
  expect(parseAllowedNumbers(undefined)).toEqual([]);
});

const policy = { allowed: ["+16505551234", "+525512345678"], source: ".env", force: false };

test("a number without + is accepted when its digits are those of an allowed number", () => {
  expect(admitRecipient("1 (650) 555-1234", policy)).toEqual({ recipient: { to: "+16505551234" } });
  expect(() => admitRecipient("6505551234", policy)).toThrow(
    expect.objectContaining({ code: "recipient.invalid", hint: expect.stringContaining("such as +1 650 555 1234") }),
  );
});

test("a national variant of an allowed number is replaced by the allowed one", () => {
  expect(admitRecipient("+5215512345678", policy)).toEqual({
    recipient: { to: "+525512345678" },
    variantOf: "+5215512345678",
  });
});

test("a number that is not allowed is refused unless forced, and user IDs are not compared", () => {
  expect(() => admitRecipient("+16505559999", policy)).toThrow(
    expect.objectContaining({ code: "recipient.not-allowed", hint: expect.stringContaining("in .env") }),
  );
  expect(admitRecipient("+16505559999", { ...policy, force: true })).toEqual({ recipient: { to: "+16505559999" } });
  expect(admitRecipient("US.13491208655302741918", policy)).toEqual({
    recipient: { recipient: "US.13491208655302741918" },
  });
});
