/** Renders requests to Meta as curl commands, which read the token from the environment. */
import { printableJson } from "../printable.ts";
import { envName } from "../setting-names.ts";

const AUTHORIZATION = `-H "Authorization: Bearer $${envName("accessToken")}"`;

export function curlOf(url: string, body: object): string {
  return [
    `curl -X POST ${quote(url)}`,
    AUTHORIZATION,
    "-H 'Content-Type: application/json'",
    `-d ${quote(printableJson(body))}`,
  ].join(" \\\n  ");
}

/** Renders the upload of a file. */
export function curlOfUpload(url: string, path: string, mime: string): string {
  return [
    `curl -X POST ${quote(url)}`,
    AUTHORIZATION,
    "-F messaging_product=whatsapp",
    `-F ${quote(`type=${mime}`)}`,
    `-F ${quote(`file=@${path};type=${mime}`)}`,
  ].join(" \\\n  ");
}

/** Quotes text for a POSIX shell where that is necessary. */
export function quote(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
