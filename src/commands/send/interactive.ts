/** What interactive messages share: a body, an optional header and footer, and the catalog of products. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { input } from "../../terminal/command.ts";
import type { Content } from "./send.ts";

export const body = input("<body>", "The text, up to 1024 characters", z.string());

export const headerInputs = {
  header: input("--header <text>", "Text above the body, up to 60 characters", z.string().optional()),
  footer: input("--footer <text>", "Text below the body, up to 60 characters", z.string().optional()),
};

export const footer = headerInputs.footer;

export const catalog = input("--catalog <id>", "The catalog's ID", z.string().optional());

/** Throws a `UsageError` when there is no catalog. */
export function needCatalog(given: string | undefined): string {
  if (given !== undefined) return given;
  throw new UsageError("--catalog is missing", {
    code: "catalog.missing",
    hint: "use the ID shown in Commerce Manager → Catalog → Settings",
  });
}

interface Frame {
  body?: string | undefined;
  header?: string | undefined;
  footer?: string | undefined;
}

export function interactive(type: string, { body, header, footer }: Frame, action: Content): Content {
  return {
    type: "interactive",
    interactive: {
      type,
      ...(header === undefined ? {} : { header: { type: "text", text: header } }),
      ...(body === undefined ? {} : { body: { text: body } }),
      ...(footer === undefined ? {} : { footer: { text: footer } }),
      action,
    },
  };
}

/** Groups items by the title of their section, in the order in which they were typed. Items without a section have the title `""`. */
export function sectionsOf(
  key: "rows" | "product_items",
  items: readonly (readonly [title: string, item: object])[],
): object[] {
  const sections = new Map<string, object[]>();
  for (const [title, item] of items) {
    const section = sections.get(title) ?? [];
    section.push(item);
    sections.set(title, section);
  }
  return [...sections].map(([title, members]) => ({ ...(title === "" ? {} : { title }), [key]: members }));
}

/** Parses `id=Title`, or a title from which the ID is derived. */
export function parseChoice(typed: string): { id: string; title: string } {
  const [, id, title] = /^([^=]+)=(.+)$/s.exec(typed) ?? [];
  if (id !== undefined && title !== undefined) return { id, title };
  return { id: idFrom(typed) || typed, title: typed };
}

/** `blue-one` for `Blue one`. */
export function idFrom(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-");
}
