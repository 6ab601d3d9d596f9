/** Each view in both themes and at two widths: no serious finding of axe, no errors. `WA_HOOK_SHOTS=folder` saves pictures. */
import { join } from "node:path";

import axe from "axe-core";
import { expect, test } from "vitest";

import { closeBrowserAfterAll, noBrowser, openTab } from "./browser.ts";
import { fill, scene } from "./scene.ts";

const shots = process.env["WA_HOOK_SHOTS"];

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

closeBrowserAfterAll();

test.skipIf(noBrowser)(
  "axe finds nothing serious or critical in any view, theme and width",
  { timeout: 90_000 },
  async () => {
    const status = { value: 200 };
    const shop = await scene(() => status.value);
    const { rejected, last } = await fill(shop, status);
    /** Where each view is, and what is there when it is loaded. */
    const views: Record<string, [hash: string, shown: string]> = {
      conversations: ["#/conversations", ".person"],
      conversation: ["#/conversations/16505551234", ".bubble .ticks"],
      deliveries: ["#/deliveries", ".rows-slot"],
      delivery: [`#/deliveries/${last}`, ".detail .code"],
      rejected: [`#/deliveries/${rejected}`, ".detail .code"],
      compare: [`#/compare/${last}/${rejected}`, ".diff"],
      requests: ["#/requests", ".rows-slot"],
      request: ["#/requests/1", ".detail .code"],
      overview: ["#/overview", ".uplot canvas"],
      controls: ["#/controls", ".controls .panel"],
      scenarios: ["#/scenarios", ".scenarios .panel"],
      scenario: ["#/scenarios/opening-hours", ".steps"],
    };
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [1280, 400]) {
        // What axe finds in a narrow window, it finds in both themes.
        if (width === 400 && colorScheme === "dark" && shots === undefined) continue;
        const { page } = await openTab(shop.url, {
          colorScheme,
          viewport: { width, height: width === 400 ? 860 : 800 },
          // Only for axe itself, which is put into the page.
          bypassCSP: true,
        });
        await page.evaluate(axe.source);
        for (const [name, [hash, shown]] of Object.entries(views)) {
          await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
          await page.locator(shown).first().waitFor({ state: "attached" });
          const violations: Violation[] = await page.evaluate(
            "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
          );
          for (const { id, impact, nodes } of violations) {
            const isBad = impact === "serious" || impact === "critical";
            if (isBad)
              found.push(`${name} ${colorScheme} ${width}: ${id} ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
          }
          if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`) });
        }
      }
    }
    expect(found).toEqual([]);
  },
);
