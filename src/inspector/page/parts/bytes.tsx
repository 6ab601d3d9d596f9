/** Bytes as a hex dump: offset, sixteen bytes, and the characters that they are in ASCII. */
import { useMemo, useState } from "preact/hooks";

import { bytes as size } from "./format.ts";
import { Button } from "./pieces.tsx";

const WIDTH = 16;
const PAGE = 8192;

export function Bytes({ base64 }: { base64: string }) {
  const all = useMemo(() => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)), [base64]);
  const [shown, setShown] = useState(PAGE);
  const dump = useMemo(() => hexDump(all.subarray(0, shown)), [all, shown]);
  return (
    <>
      <pre class="code hex" tabIndex={0} role="group" aria-label="Raw bytes">
        {all.length === 0 ? "The body is empty" : dump}
      </pre>
      {shown < all.length && (
        <Button onClick={() => setShown(shown * 4)}>
          Show more ({size(shown)} of {size(all.length)})
        </Button>
      )}
    </>
  );
}

function hexDump(all: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < all.length; offset += WIDTH) {
    const line = [...all.subarray(offset, offset + WIDTH)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0"));
    const text = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
    const [left, right] = [hex.slice(0, 8).join(" "), hex.slice(8).join(" ")];
    lines.push(`${offset.toString(16).padStart(6, "0")}  ${left.padEnd(23)}  ${right.padEnd(23)}  ${text}`);
  }
  return lines.join("\n");
}
