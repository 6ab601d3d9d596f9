/** Where the shapes of the bundled deliveries are known from, and how old they are. */
import { expect, test } from "vitest";

import { EXCEPTIONS } from "../../src/webhook/fixture-origins.ts";
import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { globOf } from "../../src/webhook/words.ts";

const all = fixtures();

test("every fixture has a Graph version, a date and a source", () => {
  for (const { name, version, date, source } of all) {
    expect(version, name).toMatch(/^(v\d\d\.0|before v20\.0|none)$/);
    expect(date, name).toMatch(/^(since|until|seen) 20\d\d(-\d\d(-\d\d)?)?$|^none$/);
    expect(source, name).toMatch(
      /^(https:\/\/developers\.facebook\.com\/documentation\/business-messaging\/whatsapp\/[\w/-]+|others|invented)$/,
    );
    expect([version === "none", date === "none"], name).toEqual([source === "invented", source === "invented"]);
  }
});

test.each(EXCEPTIONS.map(([names]) => names))("the exception %s is about a fixture", (names) => {
  const pattern = globOf(names);
  expect(all.some(({ name }) => pattern.test(name))).toBe(true);
});

test("a date says of a shape whether it is today's", () => {
  const dateOf = (name: string) => fixture(name).date;
  expect(dateOf("text")).toBe("since 2026-04");
  expect(dateOf("text.older")).toBe("until 2026-04");
  expect(dateOf("account_review_update")).toBe("seen 2026-08");
  expect(dateOf("system.user-id-changed")).toBe("since 2026-08-11");
  // The newest version at that date, unless the shape depends on one.
  expect(fixture("text").version).toBe("v25.0");
  expect(fixture("account_review_update").version).toBe("v26.0");
  expect(fixture("status.sent.with-conversation").version).toBe("v23.0");
});

test("a source is the page about the field or the type of message", () => {
  const pageOf = (name: string) => fixture(name).source.split("/whatsapp/")[1];
  expect(pageOf("image.with-caption")).toBe("webhooks/reference/messages/image");
  expect(pageOf("status.read")).toBe("webhooks/reference/messages/status");
  expect(pageOf("account_update.banned")).toBe("webhooks/reference/account_update");
  expect(fixture("tracking_events").source).toBe("others");
  expect(fixture("unknown").source).toBe("invented");
});
