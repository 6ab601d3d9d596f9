/** A browser for pages that we make; Debian's Chromium, when it is installed. */
import { existsSync } from "node:fs";

import { chromium, type Browser } from "playwright-core";
import { onTestFinished, type TestContext } from "vitest";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** A browser that goes when the test ends. Without Chromium, the test is skipped. */
export async function browser({ skip }: TestContext): Promise<Browser> {
  if (!existsSync(CHROMIUM)) skip(`${CHROMIUM} is missing: install chromium, or set CHROMIUM to a Chromium browser`);
  const opened = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  onTestFinished(async () => opened.close());
  return opened;
}
