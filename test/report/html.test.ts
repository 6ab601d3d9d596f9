/** The HTML report, as text and in a browser. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";

import { html } from "../../src/report/html.ts";
import { browser } from "../support/browser.ts";
import { temporaryFolder } from "../support/world.ts";
import { HOSTILE, HOSTILE_REPORT, REPORT } from "./sample.ts";

const MADE = { at: 1_785_500_000_000 };

/** The address of a report in a file. */
function saved(report: typeof REPORT): string {
  const file = join(temporaryFolder(), "report.html");
  writeFileSync(file, html(report, MADE));
  return pathToFileURL(file).href;
}

test("nothing but its own style is allowed, and nothing is loaded from elsewhere", () => {
  const page = html(REPORT, MADE);
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  const [, style = ""] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
  expect(page).not.toMatch(/<script|<link|<img|\bsrc=|\bhref=|url\(|@import|style="/);
});

test("texts stay texts, whatever is in them", () => {
  const page = html(HOSTILE_REPORT, MADE);
  const [, body = ""] = /<body>(.*)<\/body>/s.exec(page) ?? [];
  const tags = new Set([...body.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag));
  expect(tags).toEqual(
    new Set(
      "article bdi br dd details dl dt footer h1 h2 h3 header li main ol p section span strong summary time ul".split(
        " ",
      ),
    ),
  );
  expect(body).toContain("&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;a&quot; &#39;b&#39; &amp; |");
  expect(body).not.toMatch(/[\u0000-\u0009\u001b\u202e]/);
});

test("failures come first, by reason and then each with what was expected, what was got and what to do", () => {
  const text = html(REPORT, MADE)
    .replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, " ")
    .replaceAll(/\s+/g, " ");
  const places = ["Since the last run: 1 new failure, 1 still failing, 1 fixed", "Failures by reason"];
  places.push("2 × Status: 401, expected 200 text.emoji, image.with-caption 1 new → use the raw request body");
  places.push("text.emoji Status new expected 200 got 401 what to do use the raw request body", "request wamid.HBgL");
  places.push("Warnings", "text/plain", "4 passed, 1 skipped");
  // The title has the counts too.
  const found = places.map((place) => text.lastIndexOf(place));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
});

test("in a browser it fits phones and wide screens, light and dark, and runs nothing", async (context) => {
  const opened = await browser(context);
  const colors = new Set<string>();
  for (const [width, colorScheme] of [
    [400, "light"],
    [1200, "dark"],
  ] as const) {
    const page = await opened.newPage({ viewport: { width, height: 800 }, colorScheme });
    const happened: string[] = [];
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => happened.push("dialog")));
    page.on("console", (message) => happened.push(message.text()));
    page.on("request", (request) => happened.push(...(request.url().startsWith("file:") ? [] : [request.url()])));
    for (const report of [REPORT, HOSTILE_REPORT]) {
      await page.goto(saved(report));
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await page.locator("script, a, form").count()).toBe(0);
      await page.locator("summary").click();
      expect(await page.locator("details li").first().isVisible()).toBe(true);
    }
    expect(await page.locator("article h3 bdi").first().textContent()).toBe(
      HOSTILE.replaceAll(/[\u0000\u001b\u202e]/g, "·"),
    );
    colors.add(String(await page.evaluate("getComputedStyle(document.body).backgroundColor")));
    expect(happened).toEqual([]);
  }
  expect(colors.size).toBe(2);
});
