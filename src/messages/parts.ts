/** Schemas and formats that several kinds of received items share. */
import * as z from "zod";

import { findErrorCode } from "../meta-errors/error-table.ts";

/** A string or a number, read as a string: Meta's pages and captures disagree on the type of ids, times and sizes. */
export const scalar = z.union([z.string(), z.number().transform(String)]);

/** The keys of every received media object; `sha256` is base64, `url` is fetched with the access token. */
const mediaKeys = {
  id: scalar,
  mime_type: z.string(),
  sha256: z.string().nullish(),
  url: z.string().nullish(),
  caption: z.string().nullish(),
};

export function media<Shape extends z.ZodRawShape>(more: Shape): z.ZodObject<typeof mediaKeys & Shape, z.core.$loose> {
  return z.looseObject({ ...mediaKeys, ...more });
}

/** The summary of a media message: `image/jpeg "the caption"`. */
export function describeMedia(
  { mime_type, caption }: { mime_type: string; caption?: string | null | undefined },
  ...more: (string | undefined)[]
): string {
  return [...more, mime_type, caption == null ? undefined : quote(caption)].filter(Boolean).join(" ");
}

/** An entry of any `errors` array; `error_data.details` is the most specific text. */
export const error = z.looseObject({
  code: scalar,
  title: z.string().nullish(),
  message: z.string().nullish(),
  error_data: z.union([z.looseObject({ details: z.string().nullish() }), z.string()]).nullish(),
});

type MetaError = z.output<typeof error>;
type MetaErrors = readonly MetaError[] | null | undefined;

/** `131047 Re-engagement message: more than 24 hours …`: Meta's own text, completed from the error table. */
export function describeError({ code, title, message, error_data }: MetaError): string {
  const known = findErrorCode(Number(code));
  const name = (title || message || known?.title)?.replace(/\.$/, "");
  const candidates = [typeof error_data === "string" ? error_data : error_data?.details, message, known?.meaning];
  const details = candidates.map((text) => text?.replace(/\.$/, "")).find((text) => text && text !== name);
  return [[code, name].filter(Boolean).join(" "), details].filter(Boolean).join(": ");
}

/** All errors of one item, in one line. */
export function describeErrors(errors: MetaErrors): string {
  return (errors ?? []).map(describeError).join(" · ");
}

/** The remedy for the first error whose code is in the error table. */
export function fixErrors(errors: MetaErrors): string | undefined {
  return errors?.map(({ code }) => findErrorCode(Number(code))?.remedy).find((remedy) => remedy !== undefined);
}

/** The code of the first error; `undefined` if it is not an integer. */
export function firstCode(errors: MetaErrors): number | undefined {
  const code = Number(errors?.[0]?.code);
  return Number.isSafeInteger(code) ? code : undefined;
}

/** Unix seconds as `2026-08-07 12:00 UTC`; any other text is returned unchanged. */
export function describeTime(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return seconds;
  return date.toISOString().replace(/T(\d\d:\d\d).*/, " $1 UTC");
}

/** Text from a person, in quotes and on one line. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
