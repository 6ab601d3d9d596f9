/** JSON text in color, as text nodes. */
import type { ComponentChildren } from "preact";

import { plainLines } from "../../../printable.ts";

/** Longer text is shown in one color: a span for each word of it would be slow. */
const MAX_COLORED = 60_000;
/** Longer text is cut; the raw bytes have all of it. */
const MAX_SHOWN = 1_000_000;
const TOKEN = /"(?:[^"\\]|\\.)*"(?=\s*:)|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g;

export function Json({ text, label }: { text: string; label: string }) {
  const shown = plainLines(text.slice(0, MAX_SHOWN));
  return (
    <pre class="code" tabIndex={0} role="group" aria-label={label}>
      {shown.length > MAX_COLORED ? shown : colored(shown)}
      {text.length > MAX_SHOWN && "\n… cut here; see the raw bytes"}
    </pre>
  );
}

function colored(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    parts.push(text.slice(end, match.index), <span class={toneOf(token, text, match.index)}>{token}</span>);
    end = match.index + token.length;
  }
  parts.push(text.slice(end));
  return parts;
}

function toneOf(token: string, text: string, at: number): string {
  if (!token.startsWith('"')) return "json-value";
  return /^\s*:/.test(text.slice(at + token.length, at + token.length + 8)) ? "json-key" : "json-string";
}
