/** The response to deliveries while there is no app. */
import { useState } from "preact/hooks";

import type { StandIn } from "../../../api.ts";
import { Button, Field, Panel } from "../../parts/pieces.tsx";
import { attempt } from "../../parts/toast.tsx";
import { send } from "../../wire/server.ts";
import { loadState } from "../../wire/state.ts";

export function StandInForm({ standIn }: { standIn: StandIn }) {
  const [status, setStatus] = useState(String(standIn.status));
  const [delay, setDelay] = useState(String(standIn.delayMs));
  const [body, setBody] = useState(standIn.body);
  const save = async () => {
    const answer: StandIn = { status: Number(status), delayMs: Number(delay), body };
    await attempt(() => send("PUT", "/api/stand-in", answer), "Response changed");
    await loadState();
  };
  return (
    <Panel title="Response without an app">
      <p class="quiet">No app: deliveries get this response instead.</p>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label="Status">
          <input
            type="number"
            min={200}
            max={599}
            required
            value={status}
            onInput={(event) => setStatus(event.currentTarget.value)}
          />
        </Field>
        <Field label="Delay, in ms">
          <input
            type="number"
            min={0}
            required
            value={delay}
            onInput={(event) => setDelay(event.currentTarget.value)}
          />
        </Field>
        <Field label="Body">
          <textarea rows={2} value={body} onInput={(event) => setBody(event.currentTarget.value)} />
        </Field>
        <Button type="submit">Set response</Button>
      </form>
    </Panel>
  );
}
