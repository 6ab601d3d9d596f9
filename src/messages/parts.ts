/** The pieces that several kinds share, as Meta sends them. */
import * as z from "zod";

import { findErrorCode } from "../meta-errors/error-table.ts";

/** A word or a number: Meta's pages and captures disagree on which, for ids, times and sizes. */
export const word = z.union([z.string(), z.number().transform(String)]);

/** The keys of every received media object; `sha256` is base64, `url` is fetched with the access token. */
const mediaKeys = {
  id: word,
  mime_type: z.string(),
  sha256: z.string().nullish(),
  url: z.string().nullish(),
  caption: z.string().nullish(),
};

export function media<Shape extends z.ZodRawShape>(more: Shape): z.ZodObject<typeof mediaKeys & Shape, z.core.$loose> {
  return z.looseObject({ ...mediaKeys, ...more });
}

/** `image/jpeg "the caption"`: what a media message comes to in one line. */
export function describeMedia(
  { mime_type, caption }: { mime_type: string; caption?: string | null | undefined },
  ...more: (string | undefined)[]
): string {
  return [...more, mime_type, caption == null ? undefined : quote(caption)].filter(Boolean).join(" ");
}

/** An entry of any `errors` array; the useful text is in `error_data.details`. */
export const error = z.looseObject({
  code: word,
  title: z.string().nullish(),
  message: z.string().nullish(),
  error_data: z.union([z.looseObject({ details: z.string().nullish() }), z.string()]).nullish(),
});

/** `131047 Re-engagement message: more than 24 hours … → send a template`: what Meta says of it, and what to do about it. */
export function describeError({ code, title, message, error_data }: z.output<typeof error>): string {
  const known = findErrorCode(Number(code));
  const name = (title || message || known?.title)?.replace(/\.$/, "");
  const said = [typeof error_data === "string" ? error_data : error_data?.details, message, known?.meaning];
  const details = said.map((words) => words?.replace(/\.$/, "")).find((words) => words && words !== name);
  const told = [[code, name].filter(Boolean).join(" "), details].filter(Boolean).join(": ");
  return known === undefined ? told : `${told} → ${known.remedy}`;
}

/** The errors of one item, in one line. */
export function describeErrors(errors: readonly z.output<typeof error>[] | null | undefined): string {
  return (errors ?? []).map(describeError).join(" · ");
}

/** Seconds since 1970 as `2026-08-07 12:00 UTC`; what is no time stays as it is. */
export function describeTime(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return seconds;
  return date.toISOString().replace(/T(\d\d:\d\d).*/, " $1 UTC");
}

/** What somebody typed, in quotes and on one line. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
