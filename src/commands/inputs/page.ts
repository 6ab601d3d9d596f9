/** The options of commands that serve the page. */
import * as z from "zod";

import { DEFAULT_PAGE_PORT } from "../../inspector/page-port.ts";
import { input, whole } from "../../terminal/command.ts";

/** `what` is served at the port: `the page`. */
export function pageInputs(what: string) {
  return {
    pagePort: input(
      "--page-port <port>",
      `Port of ${what}, for this machine only (default: ${DEFAULT_PAGE_PORT} or the next free one)`,
      whole(0, 65_535).optional(),
    ),
    page: input("--no-page", "Do not serve the page", z.boolean().default(true)),
  };
}

/** Whoever leaves the port of the server itself open has no use for a fixed one here. */
export function pagePortOf(given: number | undefined, port: number | undefined): number {
  return given ?? (port === 0 ? 0 : DEFAULT_PAGE_PORT);
}
