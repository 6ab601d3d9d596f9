/** What the interactive messages share: a body, and perhaps a header and a footer. */
import * as z from "zod";

import { input } from "../../terminal/command.ts";
import type { Content } from "./send.ts";

export const body = input("<body>", "up to 1024 characters", z.string());

export const aroundInputs = {
  header: input("--header <text>", "above the body, up to 60 characters", z.string().optional()),
  footer: input("--footer <text>", "below it, up to 60 characters", z.string().optional()),
};

interface Around {
  body: string;
  header?: string | undefined;
  footer?: string | undefined;
}

export function interactive(type: string, { body, header, footer }: Around, action: Content): Content {
  return {
    type: "interactive",
    interactive: {
      type,
      ...(header === undefined ? {} : { header: { type: "text", text: header } }),
      body: { text: body },
      ...(footer === undefined ? {} : { footer: { text: footer } }),
      action,
    },
  };
}

/** `id=Title`, or a title whose id is made of it. */
export function titled(typed: string): { id: string; title: string } {
  const [, id, title] = /^([^=]+)=(.+)$/s.exec(typed) ?? [];
  if (id !== undefined && title !== undefined) return { id, title };
  return {
    id:
      typed
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, "-") || typed,
    title: typed,
  };
}
