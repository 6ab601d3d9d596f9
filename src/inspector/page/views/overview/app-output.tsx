/** The last lines that the app wrote, where `wa-hook dev` runs it. */
import { useState } from "preact/hooks";

import { plain } from "../../../../printable.ts";
import { Panel } from "../../parts/pieces.tsx";
import { useLive } from "../../wire/live.ts";
import { useProgram } from "../../wire/state.ts";

const MAX_LINES = 300;

export function AppOutput() {
  const app = useProgram()?.app;
  const [lines, setLines] = useState<readonly string[]>([]);
  useLive((live) => {
    if (live.source !== "app" || live.event.type !== "output") return;
    const { line } = live.event;
    setLines((before) => [...before, plain(line)].slice(-MAX_LINES));
  });
  if (app === undefined) return null;
  return (
    <Panel title="App output">
      <pre class="code" tabIndex={0} role="log" aria-label="App output">
        {lines.length === 0 ? "Lines that the app writes from now on appear here." : lines.join("\n")}
      </pre>
    </Panel>
  );
}
