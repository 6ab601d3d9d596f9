/** A real browser on a page of the inspector; whatever the page logs as an error fails the test. */
import { existsSync } from "node:fs";

import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, expect, onTestFinished } from "vitest";

/** Debian's. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export const noBrowser = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed: apt-get install chromium`;
if (noBrowser !== false) process.stderr.write(`browser tests are skipped: ${noBrowser}\n`);

let started: Promise<Browser> | undefined;

/** One for all tests of a file. */
function browser(): Promise<Browser> {
  started ??= chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  return started;
}

/** In each file. */
export function closeBrowserAfterAll(): void {
  afterAll(async () => {
    await (await started)?.close();
    started = undefined;
  });
}

export interface Tab {
  page: Page;
  /** What the console and the page have reported as errors, CSP violations among them. */
  errors: string[];
  /** Another page of the same browser profile. */
  another(url: string): Promise<Tab>;
}

/** Opens the page at a hash, such as `#/deliveries`. Errors fail the test, but for those that are `expected`. */
export async function openTab(url: string, options: BrowserContextOptions = {}, expected = /^$/): Promise<Tab> {
  const context = await (
    await browser()
  ).newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  onTestFinished(() => context.close());
  const open = async (at: string): Promise<Tab> => {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || /Content Security Policy/.test(message.text())) errors.push(message.text());
    });
    await page.goto(at);
    return { page, errors, another: open };
  };
  const tab = await open(url);
  onTestFinished(() => expect(tab.errors.filter((error) => !expected.test(error))).toEqual([]));
  return tab;
}
