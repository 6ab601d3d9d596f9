import fc from "fast-check";
import { expect, test } from "vitest";

import { otherForm, readAllowed, readRecipient, standingOf } from "../../src/graph/recipient.ts";

test.each([
  ["+16505551234", { to: "+16505551234" }],
  ["+1 (650) 555-1234", { to: "+16505551234" }],
  [" +49 1512 3456789 ", { to: "+4915123456789" }],
  ["US.13491208655302741918", { recipient: "US.13491208655302741918" }],
  ["US.ENT.11815799212886844830", { recipient: "US.ENT.11815799212886844830" }],
])("%s is a recipient", (typed, recipient) => expect(readRecipient(typed)).toEqual(recipient));

test.each([
  ["16505551234", "has no + and country code"],
  ["0650 555 1234", "has no + and country code"],
  ["+1650call", "is not a phone number"],
  ["+1650555123", "is too short for its country"],
  ["+165055512345678", "is too long for its country"],
  ["+999123456789", "begins with a country code that does not exist"],
  ["+", "is not a phone number"],
  ["", "is not a phone number"],
  ["+1+650", "is not a phone number"],
])("%j is none: it %s", (typed, reason) => {
  expect(() => readRecipient(typed)).toThrow(
    expect.objectContaining({ code: "recipient.invalid", message: expect.stringContaining(reason) }),
  );
});

test.each([
  ["Mexico", "+5215512345678", "+525512345678"],
  ["Argentina", "+5491123456789", "+541123456789"],
  ["Brazil", "+5511987654321", "+551187654321"],
])("%s has two forms of one number, and either is found on the list", (_, long, short) => {
  expect([otherForm(long), otherForm(short)]).toEqual([short, long]);
  expect(standingOf(long, [short])).toEqual({ allowed: true, as: short });
  expect(standingOf(short, [long])).toEqual({ allowed: true, as: long });
  expect(standingOf(long, [long, short])).toEqual({ allowed: true, as: long });
});

test("other numbers have one form, and land lines of Brazil too", () => {
  expect(otherForm("+16505551234")).toBeUndefined();
  expect(otherForm("+551132345678")).toBeUndefined();
  expect(standingOf("+16505551235", ["+16505551234"])).toEqual({ allowed: false });
});

test("the form of a form is the number itself", () => {
  fc.assert(
    fc.property(fc.constantFrom("521", "52", "549", "54"), fc.stringMatching(/^[2-9]\d{9}$/), (country, rest) => {
      const number = `+${country}${rest}`;
      const other = otherForm(number);
      expect(other).toBeDefined();
      expect(otherForm(other as string)).toBe(number);
    }),
  );
});

test("the list is read with and without +, with spaces, and without empty places", () => {
  expect(readAllowed("+1 650 555 1234, 4915123456789,;\n")).toEqual(["+16505551234", "+4915123456789"]);
  expect(readAllowed(undefined)).toEqual([]);
});
