/** Parses a multipart form without copying the bytes of its files. Source: RFC 7578. */

export interface FilePart {
  /** The content type of the part; empty when it has none. */
  type: string;
  /** A view into the body's buffer. */
  bytes: Buffer;
}

interface Form {
  fields: [name: string, value: string][];
  /** The parts named `file`. */
  files: FilePart[];
}

const MAX_PARTS = 100;
const MAX_HEADER_BYTES = 8 * 1024;

/** Returns the form, or a description of the error to follow the words "the body". */
export function readMultipart(bytes: Buffer, contentType: string): Form | string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return "has no boundary in its content-type";
  const form: Form = { fields: [], files: [] };
  let at = startOf(bytes, boundary);
  for (let parts = 0; at !== undefined; parts++) {
    if (bytes.toString("latin1", at, at + 2) === "--") return form;
    if (parts === MAX_PARTS) return `has more than ${MAX_PARTS} parts`;
    const headersEnd = bytes.indexOf("\r\n\r\n", at);
    const next = headersEnd === -1 ? undefined : delimiterAfter(bytes, boundary, headersEnd + 4);
    if (next === undefined || headersEnd - at > MAX_HEADER_BYTES) break;
    addPart(form, bytes.toString("utf8", at, headersEnd), bytes.subarray(headersEnd + 4, next.from));
    at = next.to;
  }
  return "is not the multipart form that its content-type declares";
}

/** The offset after the first delimiter, which may be at offset 0. */
function startOf(bytes: Buffer, boundary: string): number | undefined {
  const first = `--${boundary}`;
  if (bytes.toString("latin1", 0, first.length) === first) return first.length;
  return delimiterAfter(bytes, boundary, 0)?.to;
}

/** Finds the next delimiter that ends its line; a longer boundary can have this one as its prefix. */
function delimiterAfter(bytes: Buffer, boundary: string, start: number): { from: number; to: number } | undefined {
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  for (let from = bytes.indexOf(delimiter, start); from !== -1; from = bytes.indexOf(delimiter, from + 1)) {
    const to = from + delimiter.length;
    const end = bytes.toString("latin1", to, to + 2);
    if (end === "\r\n" || end === "--") return { from, to };
  }
  return undefined;
}

function addPart(form: Form, headers: string, bytes: Buffer): void {
  const disposition = headerOf(headers, "content-disposition");
  const [, quoted, plain] = /;\s*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(disposition) ?? [];
  const name = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "";
  const type = headerOf(headers, "content-type");
  // Some clients send a file without a filename, so its content type distinguishes it from a text field.
  const isFile = /;\s*filename\*?=/i.test(disposition) || (name === "file" && type !== "");
  if (!isFile) form.fields.push([name, bytes.toString("utf8")]);
  else if (name === "file") form.files.push({ type, bytes });
}

function headerOf(headers: string, name: string): string {
  for (const line of headers.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon === name.length && line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return "";
}
