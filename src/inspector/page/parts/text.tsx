/** Untrusted text: always text nodes, with hidden characters made visible and links that show where they lead. */
import type { ComponentChildren } from "preact";

import { plain, plainLines } from "../../../printable.ts";

const LINK = /\bhttps?:\/\/[^\s<>"']{1,2000}/gi;

/** One line. `dir` is found out from the text, so that it cannot turn the text around it. */
export function Text({ children }: { children: string | undefined }) {
  return <bdi>{plain(children ?? "")}</bdi>;
}

/** Several lines, in which addresses are links. */
export function RichText({ lines }: { lines: readonly string[] }) {
  return (
    <div class="rich" dir="auto">
      {linked(plainLines(lines.join("\n")))}
    </div>
  );
}

function linked(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(/[).,;:!?]+$/, "");
    parts.push(text.slice(end, match.index), <OutsideLink key={match.index} address={address} />);
    end = match.index + address.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** A link out of the page, only to http(s), and with the address in sight. Anything else is shown as text. */
export function OutsideLink({ address, label }: { address: string; label?: string }) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  // The browser's form of it shows a host name that only looks like another as punycode.
  const shown = isWeb && url !== undefined ? url.href : plain(address);
  const content =
    label === undefined ? shown : [<Text key="label">{label}</Text>, " ", <small key="to">{shown}</small>];
  if (!isWeb) return <span>{content}</span>;
  return (
    <a class="outside" href={shown} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  );
}
