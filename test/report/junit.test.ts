/** JUnit reports: as text, against the schema that CI systems use, and opened by a consumer. */
import { parse, type TestSuites } from "junit2json";
import { expect, test } from "vitest";

import { junit, type Suite } from "../../src/report/junit.ts";
import { HOSTILE, HOSTILE_REPORT, REPORT } from "./sample.ts";

test("passed, failed, warning and skipped findings become test cases, and invalid XML characters are replaced", () => {
  const about = { expected: "valid", got: 'a "dead" <token> & \u0007\ud800' };
  const suites: Suite[] = [
    {
      name: "token",
      ms: 1500,
      findings: [
        { code: "a", status: "pass", title: "one?", ...about },
        { code: "b", status: "fail", title: "two?", ...about, fix: "take a new one" },
        { code: "c", status: "warn", title: "three?", ...about },
        { code: "d", status: "skip", title: "four?", ...about },
      ],
    },
  ];
  const xml = junit({ title: "wa-hook", suites });
  const said = "expected valid, got a &quot;dead&quot; &lt;token&gt; &amp; ··";
  expect(xml.split("\n")).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="wa-hook" tests="4" failures="1" errors="0" time="1.500">',
    '  <testsuite name="token" tests="4" failures="1" errors="0" skipped="1" time="1.500">',
    '    <testcase classname="token" name="a: one?"/>',
    `    <testcase classname="token" name="b: two?"><failure message="${said}" type="b">${said}&#10;take a new one</failure></testcase>`,
    `    <testcase classname="token" name="c: three?"><system-out>${said}</system-out></testcase>`,
    `    <testcase classname="token" name="d: four?"><skipped message="a &quot;dead&quot; &lt;token&gt; &amp; ··"/></testcase>`,
    "  </testsuite>",
    "</testsuites>",
  ]);
});

test("what would not be seen is written as its number, and stays what it is", () => {
  const finding = {
    code: "a",
    status: "fail",
    title: "one?",
    expected: "a\u009b2J\tb\u202ec",
    got: "\u{e0041}\r👩‍👩‍👧",
  } as const;
  const xml = junit({ title: "wa-hook", suites: [{ name: "replay", findings: [finding] }] });
  expect(xml).toContain('message="expected a&#155;2J&#9;b&#8238;c, got &#917569;&#13;👩‍👩‍👧"');
});

/**
 * What `junit-10.xsd` of Jenkins' xUnit plugin allows: attributes, which of them are required, and children in any order. Elements with
 * text have no children.
 */
const SCHEMA: Record<string, { required: string[]; optional: string[]; children: string[]; text?: true }> = {
  testsuites: { required: [], optional: ["name", "time", "tests", "failures", "errors"], children: ["testsuite"] },
  testsuite: {
    required: ["name", "tests", "failures", "errors"],
    optional: ["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
    children: ["testsuite", "properties", "testcase", "system-out", "system-err"],
  },
  testcase: {
    required: ["name"],
    optional: ["time", "classname", "group"],
    children: ["skipped", "error", "failure", "system-out", "system-err"],
  },
  failure: { required: [], optional: ["type", "message"], children: [], text: true },
  skipped: { required: [], optional: ["type", "message"], children: [], text: true },
  properties: { required: [], optional: [], children: ["property"] },
  property: { required: ["name", "value"], optional: [], children: [] },
  "system-out": { required: [], optional: [], children: [], text: true },
};
const TIME = /^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$/;

test.each([
  ["an ordinary report", REPORT],
  ["a report of hostile texts", HOSTILE_REPORT],
  ["a report of nothing", { title: "wa-hook check", suites: [] }],
])("%s is valid against the schema of Jenkins", (_, report) => {
  const open: string[] = [];
  const xml = junit(report).replace('<?xml version="1.0" encoding="UTF-8"?>\n', "");
  const parts = xml.matchAll(/<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)|(<)/g);
  for (const [all, close, name = "", attributes = "", empty, text, wrong] of parts) {
    expect(wrong).toBeUndefined();
    const parent = open.at(-1) ?? "";
    if (text !== undefined) {
      expect(SCHEMA[parent]?.text === true || text.trim() === "", all).toBe(true);
      expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#\d+;)/);
    } else if (close === "/") expect(open.pop()).toBe(name);
    else {
      expect(open.length === 0 ? ["testsuites"] : SCHEMA[parent]?.children).toContain(name);
      const { required = [], optional = [] } = SCHEMA[name] ?? {};
      const given = new Map(
        [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = "", value]) => [key, value]),
      );
      for (const key of required) expect([...given.keys()], name).toContain(key);
      for (const key of given.keys()) expect([...required, ...optional], name).toContain(key);
      if (given.has("time") && name !== "testcase") expect(given.get("time")).toMatch(TIME);
      if (empty !== "/") open.push(name);
    }
  }
  expect(open).toEqual([]);
});

test("a consumer of JUnit reads the suites, the times, the failures and what changed", async () => {
  const report = (await parse(junit(REPORT))) as TestSuites;
  expect([report.name, report.tests, report.failures, report.errors]).toEqual(["wa-hook check", 9, 3, 0]);
  const [text, emoji, , failed, handshake] = report.testsuite ?? [];
  expect([text?.name, text?.time, text?.testcase?.[0]?.time]).toEqual(["text", 0.012, 0.012]);
  expect(text?.properties).toEqual([{ name: "fixed since the last run", value: "status: Status" }]);
  const [failure] = emoji?.testcase?.[0]?.failure ?? [];
  expect([failure?.type, failure?.message]).toEqual(["status", "expected 200, got 401"]);
  expect(failure?.inner?.split("\n")).toEqual([
    "expected 200, got 401",
    'use the raw request body: express.raw({ type: "application/json" })',
    "request: wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTdBNTkyQzA5RkQ3QjQwQjY1MwA=",
    "new since the last run",
  ]);
  expect(failed?.time).toBe(1.25);
  const cases = handshake?.testcase ?? [];
  expect(cases.map(({ name }) => name)).toEqual([
    "handshake.token: Right token",
    "handshake.type: Content type",
    "tls: TLS certificate",
    "method: Status GET",
    "method: Status POST",
  ]);
  expect(cases[2]?.skipped?.[0]?.message).toBe("not checked: the URL is http://localhost:3000/webhook");
  expect(cases[1]?.["system-out"]?.[0]).toContain("got text/html");
});

test("a consumer of JUnit reads hostile texts as texts", async () => {
  const report = (await parse(junit(HOSTILE_REPORT))) as TestSuites;
  // What XML cannot hold is a dot; the rest comes back as it was.
  const held = HOSTILE.replaceAll(/[\u0000\u001b]/g, "·");
  expect(report.name).toBe(held);
  expect(report.testsuite?.[0]?.testcase?.map(({ classname }) => classname)).toEqual([held, held, held, held]);
});
