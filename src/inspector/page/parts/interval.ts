/** Repeats something while the component is shown and the page is in sight. */
import { useEffect, useRef } from "preact/hooks";

import { paused } from "../wire/live.ts";

export function useInterval(action: () => void, everyMs: number): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || paused.value || latest.current(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
