/** When the statuses of a message follow, and which are left out. */
import { useState } from "preact/hooks";

import type { StatusDelays } from "../../../../emulator/options.ts";
import { Button, Field, Panel } from "../../parts/pieces.tsx";
import { change } from "./change.ts";

const NAMES = ["sent", "delivered", "read", "played"] as const;

export function Statuses({ statuses }: { statuses: StatusDelays }) {
  const [typed, setTyped] = useState(() =>
    NAMES.map((name) => (statuses[name] === false ? "" : String(statuses[name]))),
  );
  const wanted = Object.fromEntries(
    NAMES.map((name, index) => [name, typed[index] === "" ? false : Number(typed[index])]),
  ) as unknown as StatusDelays;
  return (
    <Panel title="Statuses">
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void change({ statuses: wanted }, "Delays of statuses changed");
        }}
      >
        {NAMES.map((name, index) => (
          <Field key={name} label={`${name}, after ms`}>
            <input
              type="number"
              min={0}
              placeholder="never"
              value={typed[index]}
              onInput={({ currentTarget: { value } }) => setTyped(typed.with(index, value))}
            />
          </Field>
        ))}
        <Button type="submit">Set delays</Button>
      </form>
      <p class="quiet">An empty field: this status is never sent.</p>
    </Panel>
  );
}
