import { expect, test } from "vitest";

import { junit, type Suite } from "../../src/report/junit.ts";

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
