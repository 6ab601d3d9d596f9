/** Data of the server in a component: loaded at first, and again when it changes. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import type { Live } from "../../api.ts";
import { useLive } from "./live.ts";
import { errorText } from "./server.ts";

export interface Loaded<Value> {
  /** Undefined until it is loaded. */
  value: Value | undefined;
  error: string | undefined;
  reload: () => void;
  set: (value: Value) => void;
}

/** Loads again when `key` changes. What was loaded for another key is not shown. */
export function useLoaded<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [found, setFound] = useState<{ key: string; value?: Value; error?: string }>({ key });
  const latest = useRef({ load, abort: new AbortController() });
  latest.current.load = load;
  const reload = useCallback(() => {
    latest.current.abort.abort();
    const abort = new AbortController();
    latest.current.abort = abort;
    latest.current.load(abort.signal).then(
      (value) => abort.signal.aborted || setFound({ key, value }),
      (error: unknown) =>
        abort.signal.aborted ||
        setFound((before) => ({ ...(before.key === key ? before : { key }), error: errorText(error) })),
    );
  }, [key]);
  useEffect(() => {
    reload();
    return () => latest.current.abort.abort();
  }, [reload]);
  const { value, error } = found.key === key ? found : {};
  return { value, error, reload, set: (next) => setFound({ key, value: next }) };
}

interface Pace {
  everyMs?: number;
  /** Default: what happens while the page is hidden is loaded when it is shown again. */
  whenHidden?: boolean;
}

/** Runs `action` soon after an event that it `matters` for, at most once per `everyMs`. */
export function useOnLive(
  matters: (event: Live) => boolean,
  action: () => void,
  { everyMs = 150, whenHidden = false }: Pace = {},
): void {
  const latest = useRef(action);
  latest.current = action;
  const timer = useRef<number | undefined>(undefined);
  const waiting = useRef(false);
  const run = useCallback(() => {
    timer.current = undefined;
    if (document.hidden && !whenHidden) waiting.current = true;
    else latest.current();
  }, []);
  useLive((event) => {
    if (event.source !== "lost" && !matters(event)) return;
    timer.current ??= window.setTimeout(run, everyMs);
  });
  useEffect(() => {
    const shown = () => {
      if (document.hidden || !waiting.current) return;
      waiting.current = false;
      latest.current();
    };
    document.addEventListener("visibilitychange", shown);
    return () => {
      document.removeEventListener("visibilitychange", shown);
      clearTimeout(timer.current);
    };
  }, []);
}
