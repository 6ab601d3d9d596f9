/** Failures that the emulator injects, as Meta's errors. */
import { useState } from "preact/hooks";

import type { Failure } from "../../../../emulator/options.ts";
import { plural } from "../../parts/format.ts";
import { Button, Field, Panel } from "../../parts/pieces.tsx";
import { change } from "./change.ts";

/** The ones that an app meets most. */
const CODES = [
  ["130429", "rate limit"],
  ["131056", "too many messages to one customer"],
  ["131047", "24-hour window closed"],
  ["131026", "message undeliverable"],
  ["131000", "something went wrong"],
  ["190", "access token expired"],
  ["1", "API unknown"],
  ["2", "service temporarily unavailable"],
] as const;

export function Failures({ failures }: { failures: readonly Failure[] }) {
  return (
    <Panel
      title="Failures"
      aside={
        failures.length > 0 && (
          <Button onClick={() => void change({ clearFailures: true }, "Failures removed")}>Remove all</Button>
        )
      }
    >
      {failures.length > 0 && (
        <ul class="plain-list">
          {failures.map((failure, index) => (
            <li key={index}>{textOf(failure)}</li>
          ))}
        </ul>
      )}
      <FailureForm />
    </Panel>
  );
}

function textOf({ code, subcode, every = 1, times, on = "messages", as = "response" }: Failure): string {
  const requests = on === "all" ? "requests" : `requests to ${on}`;
  const which = every === 1 ? `all ${requests}` : `1 of ${every} ${requests}`;
  const until = times === undefined ? "" : `, ${plural(times, "time")}`;
  const error = subcode === undefined ? String(code) : `${code}/${subcode}`;
  return as === "status" ? `${error} as a failed status: ${which}${until}` : `${error}: ${which}${until}`;
}

function FailureForm() {
  const [code, setCode] = useState("130429");
  const [every, setEvery] = useState("");
  const [times, setTimes] = useState("1");
  const [as, setAs] = useState("response");
  const failure: Failure = {
    code: Number(code),
    ...(every === "" ? {} : { every: Number(every) }),
    ...(times === "" ? {} : { times: Number(times) }),
    ...(as === "status" ? { as } : {}),
  };
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        void change({ fail: failure }, `Fails with ${code}`);
      }}
    >
      <Field label="Error code">
        <input
          list="codes"
          inputMode="numeric"
          pattern="\d+"
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
          required
        />
        <datalist id="codes">
          {CODES.map(([each, meaning]) => (
            <option key={each} value={each}>
              {meaning}
            </option>
          ))}
        </datalist>
      </Field>
      <Field label="How often">
        <input
          type="number"
          min={1}
          placeholder="always"
          value={times}
          onInput={(event) => setTimes(event.currentTarget.value)}
        />
      </Field>
      <Field label="Every nth request">
        <input
          type="number"
          min={1}
          placeholder="1"
          value={every}
          onInput={(event) => setEvery(event.currentTarget.value)}
        />
      </Field>
      <Field label="As">
        <select value={as} onChange={(event) => setAs(event.currentTarget.value)}>
          <option value="response">response</option>
          <option value="status">failed status</option>
        </select>
      </Field>
      <Button type="submit">Inject</Button>
    </form>
  );
}
