/** Reads an HTTP request as tools print it: ngrok's inspector, `tcpdump -A`, `curl -v`, a file of headers and a body. */
import { UsageError } from "../../errors.ts";

export type Header = [name: string, value: string];

/** A request with the bytes of its body as they stand in the dump. */
export interface DumpedRequest {
  headers: Header[];
  body: Buffer;
  /** Of `Content-Length`, when the body in the dump has another length. */
  announced?: number;
}

/** Headers of a webhook take less than 2 kB; a dump may have other packets before them. */
const SEARCHED = 256 * 1024;
/** The one that headers follow: tcpdump prints it in its own line as well. */
const REQUEST_LINE = /(?:POST|PUT) \S+ HTTP\/\d(?:\.\d)?\r?\n(?=>? ?[\w-]+:)/;
const HEADER = /^:?([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/;
/** What follows the body in the output of curl and of tcpdump. */
const AFTER = { curl: /\r?\n(?:[<*] [^\n]*)/, tcpdump: /\n\d\d:\d\d:\d\d\.\d+ IP6? / };

/** The request in the dump; undefined when the bytes are not a dump. Throws a `UsageError` when the dump ends within the body. */
export function readDump(bytes: Buffer): DumpedRequest | undefined {
  // One character per byte, so that positions and bytes stay the same.
  const all = bytes.toString("latin1").replace(/^ï»¿/, "");
  const text = startOfHeaders(all);
  if (text === undefined) return undefined;
  const isCurl = text.startsWith("> ");
  const { headers, rest } = splitHeaders(isCurl ? unmarked(text) : text);
  if (headers.length === 0) return undefined;
  return bodyOf(headers, cutAfter(rest, isCurl, all));
}

/** The text from the first header on; undefined when nothing looks like headers. */
function startOfHeaders(text: string): string | undefined {
  // A body can quote a request; it begins with a bracket.
  if (/^\s*[{[]/.test(text)) return undefined;
  const found = REQUEST_LINE.exec(text.slice(0, SEARCHED));
  if (found !== null) return text.slice(found.index + found[0].length);
  return HEADER.test(text.slice(0, SEARCHED).split(/\r?\n/, 1)[0] ?? "") ? text : undefined;
}

/** curl marks what it sent with `> `. */
function unmarked(text: string): string {
  return text.replaceAll(/^> ?/gm, "");
}

function splitHeaders(text: string): { headers: Header[]; rest: string } {
  const headers: Header[] = [];
  let at = 0;
  for (;;) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? undefined : end).replace(/\r$/, "");
    at = end < 0 ? text.length : end + 1;
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined || value === undefined) return { headers, rest: line === "" ? text.slice(at) : "" };
    headers.push([name, value.trim()]);
    if (end < 0) return { headers, rest: "" };
  }
}

function cutAfter(rest: string, isCurl: boolean, all: string): string {
  const isTcpdump = /^\d\d:\d\d:\d\d\.\d+ IP6? /m.test(all.slice(0, SEARCHED));
  const pattern = isCurl ? AFTER.curl : isTcpdump ? AFTER.tcpdump : undefined;
  const at = pattern?.exec(rest)?.index;
  return at === undefined ? rest : rest.slice(0, at);
}

function bodyOf(headers: Header[], rest: string): DumpedRequest {
  const chunked = /\bchunked\b/i.test(valueOf(headers, "transfer-encoding") ?? "");
  if (chunked) return { headers, body: Buffer.from(unchunked(rest) ?? rest, "latin1") };
  const typed = valueOf(headers, "content-length");
  const length = typed === undefined || !/^\d{1,9}$/.test(typed) ? undefined : Number(typed);
  // Without a length, the last line break is the tool's.
  if (length === undefined) return { headers, body: Buffer.from(rest.replace(/\r?\n$/, ""), "latin1") };
  const exact = rest.slice(0, length);
  if (exact.length === length && (rest.slice(length).trim() === "" || isJson(exact))) {
    return { headers, body: Buffer.from(exact, "latin1") };
  }
  const whole = rest.replace(/\r?\n$/, "");
  // A tool that changed the body shows all of it; one that cut it off does not.
  if (rest.length < length && !isJson(whole)) throw truncated(rest.length, length);
  return { headers, body: Buffer.from(whole, "latin1"), announced: length };
}

function valueOf(headers: readonly Header[], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** Undefined when the tool has joined the chunks already. */
function unchunked(text: string): string | undefined {
  const parts: string[] = [];
  for (let at = 0; ;) {
    const [line, digits = ""] = /^([0-9a-f]{1,8})(?:;[^\n]*)?\r?\n/i.exec(text.slice(at, at + 100)) ?? [];
    if (line === undefined) return undefined;
    const size = Number.parseInt(digits, 16);
    if (size === 0) return parts.join("");
    const start = at + line.length;
    parts.push(text.slice(start, start + size));
    at = start + size;
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function truncated(got: number, length: number): UsageError {
  return new UsageError(`the captured request is truncated: ${got} of ${length} bytes of the body`, {
    code: "verify.truncated",
    hint: "capture the whole request; with tcpdump, raise the snapshot length with -s 0",
  });
}
