/** A request to Meta as a curl command that runs: the token stays in the environment. */
import { printableJson } from "../printable.ts";

export function curlOf(url: string, body: object): string {
  return [
    `curl -X POST ${quote(url)}`,
    '-H "Authorization: Bearer $WHATSAPP_ACCESS_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d ${quote(printableJson(body))}`,
  ].join(" \\\n  ");
}

/** The upload of a file. */
export function curlOfUpload(url: string, path: string, mime: string): string {
  return [
    `curl -X POST ${quote(url)}`,
    '-H "Authorization: Bearer $WHATSAPP_ACCESS_TOKEN"',
    "-F messaging_product=whatsapp",
    `-F ${quote(`type=${mime}`)}`,
    `-F ${quote(`file=@${path};type=${mime}`)}`,
  ].join(" \\\n  ");
}

/** As a POSIX shell takes it literally. */
function quote(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
