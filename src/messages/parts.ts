/** The pieces that several kinds share, as Meta sends them. */
import * as z from "zod";

/** A word or a number: Meta's pages and captures disagree on which, for ids, times and sizes. */
export const word = z.union([z.string(), z.number()]).transform(String);

/** The keys of every received media object; `sha256` is base64, `url` is fetched with the access token. */
const mediaKeys = {
  id: word,
  mime_type: z.string(),
  sha256: z.string().optional(),
  url: z.string().optional(),
  caption: z.string().optional(),
};

export function media<Shape extends z.ZodRawShape>(more: Shape): z.ZodObject<typeof mediaKeys & Shape, z.core.$loose> {
  return z.looseObject({ ...mediaKeys, ...more });
}

/** `image/jpeg "the caption"`: what a media message comes to in one line. */
export function describeMedia(
  { mime_type, caption }: { mime_type: string; caption?: string | undefined },
  ...more: (string | undefined)[]
): string {
  return [...more, mime_type, caption === undefined ? undefined : quote(caption)].filter(Boolean).join(" ");
}

/** An entry of any `errors` array; the useful text is in `error_data.details`. */
export const error = z.looseObject({
  code: word,
  title: z.string().optional(),
  message: z.string().optional(),
  error_data: z.looseObject({ details: z.string().optional() }).optional(),
});

/** `131047 Re-engagement message: more than 24 hours …`. */
export function describeError({ code, title, message, error_data }: z.output<typeof error>): string {
  const name = title ?? message;
  const details = error_data?.details ?? (message === name ? undefined : message);
  return [name === undefined ? code : `${code} ${name}`, details].filter(Boolean).join(": ");
}

/** What somebody typed, in quotes and on one line. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
