/** What the emulator does: its clock, windows, failures, delays; and the response in place of an app. */
import { useState } from "preact/hooks";

import type { State } from "../../../api.ts";
import { duration, moment } from "../../parts/format.ts";
import { Button, Empty, Facts, Field, Panel } from "../../parts/pieces.tsx";
import { useProgram } from "../../wire/state.ts";
import { Actions } from "./actions.tsx";
import { change } from "./change.ts";
import { Failures } from "./failures.tsx";
import { StandInForm } from "./stand-in.tsx";
import { Statuses } from "./statuses.tsx";

const [MINUTE, HOUR] = [60_000, 3_600_000];
const STEPS = [MINUTE, HOUR, 23 * HOUR, 24 * HOUR, 7 * 24 * HOUR];

export function Controls() {
  const state = useProgram();
  if (state === undefined) return null;
  const { emulator, standIn } = state;
  if (emulator === undefined && standIn === undefined) {
    return <Empty title="Nothing to control">Controls are for the emulator: run wa-hook dev or wa-hook emulate.</Empty>;
  }
  return (
    <div class="page controls">
      <h1 class="sr">Controls</h1>
      {emulator !== undefined && (
        <>
          <Clock emulator={emulator} />
          <Failures failures={emulator.failures} />
          <Statuses key={JSON.stringify(emulator.statuses)} statuses={emulator.statuses} />
          <Latency />
          <Actions />
        </>
      )}
      {standIn !== undefined && <StandInForm key={JSON.stringify(standIn)} standIn={standIn} />}
    </div>
  );
}

function Clock({ emulator }: { emulator: NonNullable<State["emulator"]> }) {
  const { now, url, phoneNumberId } = emulator;
  return (
    <Panel title="Clock and window">
      <Facts
        facts={[
          ["Time", moment(now)],
          ["Graph API", <code key="url">{url}</code>],
          ["Phone number ID", <code key="id">{phoneNumberId}</code>],
        ]}
      />
      <div class="actions" role="group" aria-label="Advance the clock">
        <span class="quiet">Advance by</span>
        {STEPS.map((ms) => (
          <Button key={ms} onClick={() => void change({ advanceMs: ms }, `Clock advanced by ${duration(ms)}`)}>
            {duration(ms)}
          </Button>
        ))}
      </div>
      <div class="actions" role="group" aria-label="24-hour windows">
        <span class="quiet">24-hour windows</span>
        <Button onClick={() => void change({ window: "open" }, "Windows are open")}>Open all</Button>
        <Button onClick={() => void change({ window: "closed" }, "Windows are closed")}>Close all</Button>
      </div>
    </Panel>
  );
}

function Latency() {
  const [typed, setTyped] = useState("0");
  const ms = Number(typed);
  return (
    <Panel title="Slow responses">
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void change({ latencyMs: ms }, ms === 0 ? "Responses are immediate" : `Responses take ${duration(ms)}`);
        }}
      >
        <Field label="Delay of Graph API responses, in ms">
          <input
            type="number"
            min={0}
            max={60_000}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Field>
        <Button type="submit" disabled={!(ms >= 0 && ms <= 60_000)}>
          Set delay
        </Button>
      </form>
    </Panel>
  );
}
