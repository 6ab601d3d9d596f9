/** Sends a delivery to the app again, as it was or edited, and shows what the app responded. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { DeliveryDetail, ReplayResult } from "../../../api.ts";
import { duration } from "../../parts/format.ts";
import { Button, Field } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { attempt } from "../../parts/toast.tsx";
import { send } from "../../wire/server.ts";
import { useProgram } from "../../wire/state.ts";

interface ReplayProps {
  detail: DeliveryDetail;
  path: string;
  /** Replays when it grows. */
  again: number;
}

interface Done {
  result: ReplayResult;
  edited: boolean;
}

const MAX_RESULTS = 5;

export function Replay({ detail: { json = "" }, path, again }: ReplayProps) {
  const [edited, setEdited] = useState<string>();
  const [to, setTo] = useState("");
  const [results, setResults] = useState<readonly Done[]>([]);
  const [isBusy, setBusy] = useState(false);
  const apps = useProgram()?.listener?.forwardTo ?? [];
  const replay = async (payload?: string) => {
    setBusy(true);
    await attempt(async () => {
      const body = { ...(payload === undefined ? {} : { json: payload }), ...(to === "" ? {} : { to }) };
      const result = await send<ReplayResult>("POST", `${path}/replay`, body);
      setResults((before) => [{ result, edited: payload !== undefined }, ...before].slice(0, MAX_RESULTS));
    });
    setBusy(false);
  };
  const handled = useRef(again);
  useEffect(() => {
    if (again === handled.current || isBusy) return;
    handled.current = again;
    void replay();
  }, [again]);
  return (
    <section class="panel" aria-label="Replay">
      <div class="actions">
        <Button kind="primary" disabled={isBusy} onClick={() => void replay()}>
          Replay
        </Button>
        <Button pressed={edited !== undefined} onClick={() => setEdited(edited === undefined ? json : undefined)}>
          Edit and replay
        </Button>
        {apps.length > 1 && (
          <select aria-label="Replay to" value={to} onChange={(event) => setTo(event.currentTarget.value)}>
            {apps.map((app, index) => (
              <option key={app} value={index === 0 ? "" : app}>
                {app}
              </option>
            ))}
          </select>
        )}
      </div>
      {edited !== undefined && (
        <Editor text={edited} isBusy={isBusy} onChange={setEdited} onReplay={() => void replay(edited)} />
      )}
      <ul class="results" role="status">
        {results.map((done, index) => (
          <Result key={results.length - index} {...done} />
        ))}
      </ul>
    </section>
  );
}

interface EditorProps {
  text: string;
  isBusy: boolean;
  onChange: (text: string) => void;
  onReplay: () => void;
}

function Editor({ text, isBusy, onChange, onReplay }: EditorProps) {
  const problem = problemOf(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onReplay();
      }}
    >
      <Field label="Payload" hint="It is encoded as Meta encodes it and signed again.">
        <textarea
          class="mono"
          rows={16}
          spellcheck={false}
          aria-invalid={problem !== undefined}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </Field>
      {problem !== undefined && (
        <p class="problem" role="alert">
          <Text>{problem}</Text>
        </p>
      )}
      <Button kind="primary" type="submit" disabled={isBusy || problem !== undefined}>
        Replay edited
      </Button>
    </form>
  );
}

function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function Result({ result: { to, status, ms, response, advice }, edited }: Done) {
  const isGood = status === 200;
  return (
    <li>
      <span class={isGood ? "tone-good" : "tone-bad"}>
        {status ?? "No response"} in {duration(ms)}
      </span>{" "}
      <span class="quiet">
        {edited ? "edited payload" : "as it was"}, to <Text>{to}</Text>
      </span>
      {response !== undefined && response !== "" && (
        <p>
          <Text>{response}</Text>
        </p>
      )}
      {!isGood && advice !== undefined && (
        <p class="remedy">
          → <Text>{advice}</Text>
        </p>
      )}
    </li>
  );
}
