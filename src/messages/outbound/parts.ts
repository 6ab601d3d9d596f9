/** Schemas and formats that several outbound kinds share. */
import * as z from "zod";

import { quote } from "../parts.ts";
import { byType, checkExactlyOne, httpUrl, id, object, oneOf, optionalText, refused, text } from "./limits.ts";

/** For examples: the id of a message from the customer. */
export const receivedId = "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQwMjRDQzRDRDA0QTA4QzZDMUYyRgA=";

interface Source {
  id?: string | number | undefined;
  link?: string | undefined;
  caption?: string | undefined;
  filename?: string | undefined;
}

/** An uploaded file (`id`) or a URL that Meta downloads (`link`): exactly one of the two. */
export function media<Shape extends z.ZodRawShape>(more: Shape): z.ZodType<Source & z.output<z.ZodObject<Shape>>> {
  const schema = object({ id: id().optional(), link: httpUrl.optional(), ...more }).superRefine((file, context) =>
    checkExactlyOne(context, file, ["id", "link"]),
  );
  return schema as unknown as z.ZodType<Source & z.output<z.ZodObject<Shape>>>;
}

export const caption = optionalText(1024);
export const noCaption = refused("is not supported for audio and stickers");
export const filename = z.string().optional();
export const noFilename = refused("is supported for documents only");

/** `"order.pdf" https://example.com/order.pdf "Your order"`: the summary of a media message. */
export function describeMedia({ id, link, caption: label, filename: name }: Source, more?: string): string {
  const source = link ?? (id === undefined ? undefined : `media ${id}`);
  return [name ? quote(name) : undefined, more, source, label ? quote(label) : undefined].filter(Boolean).join(" ");
}

const headers = {
  text: { text: text(60) },
  image: { image: media({}) },
  video: { video: media({}) },
  document: { document: media({ filename }) },
} as const;

/** The header of an interactive message, limited to the given types. */
export function header(...types: (keyof typeof headers)[]): z.ZodType<{ type: string } & Record<string, unknown>> {
  return byType(Object.fromEntries(types.map((type) => [type, headers[type]])), Object.keys(headers));
}

export const anyHeader = header("text", "image", "video", "document");

export function body(max = 1024): z.ZodType<{ text: string }> {
  return object({ text: text(max) });
}

export const footer = object({ text: optionalText(60) });

/** An interactive message of one type; `shape` defines its other keys. */
export function interactive<Shape extends z.ZodRawShape>(
  type: string,
  shape: Shape,
): z.ZodType<{ interactive: z.output<z.ZodObject<Shape>> }> {
  const schema = z.looseObject({ interactive: object({ type: oneOf([type]), ...shape }) });
  return schema as unknown as z.ZodType<{ interactive: z.output<z.ZodObject<Shape>> }>;
}
