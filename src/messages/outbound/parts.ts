/** The pieces that several outbound kinds share. */
import * as z from "zod";

import { quote } from "../parts.ts";
import { byType, filled, httpUrl, tellEither, text } from "./limits.ts";

/** A message of the customer, for the examples that refer to one. */
export const received = "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQwMjRDQzRDRDA0QTA4QzZDMUYyRgA=";

interface Source {
  id?: string | undefined;
  link?: string | undefined;
  caption?: string | undefined;
  filename?: string | undefined;
}

/** A file that was uploaded (`id`) or that Meta fetches (`link`): one of the two. */
export function media<Shape extends z.ZodRawShape>(more: Shape): z.ZodType<Source & z.output<z.ZodObject<Shape>>> {
  const schema = z
    .strictObject({ id: filled.optional(), link: httpUrl.optional(), ...more })
    .superRefine((file, context) => tellEither(context, file, ["id", "link"]));
  return schema as unknown as z.ZodType<Source & z.output<z.ZodObject<Shape>>>;
}

export const caption = text(1024).optional();
export const filename = filled.optional();

/** `order.pdf https://example.com/order.pdf "Your order"`: what a media message comes to in one line. */
export function describeMedia({ id, link, caption: words, filename: name }: Source, more?: string): string {
  const source = link ?? (id === undefined ? undefined : `media ${id}`);
  return [name === undefined ? undefined : quote(name), more, source, words === undefined ? undefined : quote(words)]
    .filter(Boolean)
    .join(" ");
}

const headers = {
  text: { text: text(60) },
  image: { image: media({}) },
  video: { video: media({}) },
  document: { document: media({ filename }) },
} as const;

/** What stands above the body of an interactive message, in one of the given forms. */
export function header(...types: (keyof typeof headers)[]): z.ZodType<{ type: string } & Record<string, unknown>> {
  return byType(Object.fromEntries(types.map((type) => [type, headers[type]])));
}

export const anyHeader = header("text", "image", "video", "document");

export function body(max = 1024): z.ZodType<{ text: string }> {
  return z.strictObject({ text: text(max) });
}

export const footer = z.strictObject({ text: text(60) });

/** An interactive message of one type; what else it has is given by `shape`. */
export function interactive<Shape extends z.ZodRawShape>(
  type: string,
  shape: Shape,
): z.ZodType<{ interactive: z.output<z.ZodObject<Shape>> }> {
  const schema = z.looseObject({ interactive: z.strictObject({ type: z.literal(type), ...shape }) });
  return schema as unknown as z.ZodType<{ interactive: z.output<z.ZodObject<Shape>> }>;
}
