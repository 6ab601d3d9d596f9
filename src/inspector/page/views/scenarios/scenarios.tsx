/** Saved sequences of messages and deliveries: play one, and see what is fixed or regressed. */
import { useState } from "preact/hooks";

import type { Scenario, ScenarioResult } from "../../../api.ts";
import { moment, plural } from "../../parts/format.ts";
import { Badge, Button, Empty, Failed, Panel } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { attempt } from "../../parts/toast.tsx";
import { useLoaded, type Loaded } from "../../wire/loaded.ts";
import { goTo, linkTo, useRoute } from "../../wire/route.ts";
import { get, send } from "../../wire/server.ts";
import { ScenarioEditor } from "./editor.tsx";
import { stepText } from "./steps.ts";

const pathOf = (name: string) => `/api/scenarios/${encodeURIComponent(name)}`;

export function Scenarios() {
  const { parts, query } = useRoute();
  const [shown] = parts;
  const scenarios = useLoaded("scenarios", (signal) => get<Scenario[]>("/api/scenarios", {}, signal));
  const { value: list, error, reload } = scenarios;
  if (list === undefined) return error === undefined ? null : <Failed error={error} retry={reload} />;
  if (shown !== undefined) {
    const deliveries = (query.get("deliveries") ?? "").split(",").filter(Boolean);
    return (
      <ScenarioEditor
        key={shown}
        scenario={list.find(({ name }) => name === shown)}
        deliveries={deliveries}
        onSaved={reload}
      />
    );
  }
  return (
    <div class="page scenarios">
      <header class="content-head">
        <div class="titles">
          <h1>Scenarios</h1>
        </div>
        <Button kind="primary" icon="plus" onClick={() => goTo(linkTo(["scenarios", "new"]))}>
          New scenario
        </Button>
      </header>
      {list.length === 0 && (
        <Empty title="No scenarios yet">
          Select deliveries in the table and save them as a scenario, or make a new one from messages.
        </Empty>
      )}
      {list.map((scenario) => (
        <ScenarioPanel key={scenario.name} scenario={scenario} scenarios={scenarios} />
      ))}
    </div>
  );
}

const TONES = { fixed: "good", "still passing": "good", regressed: "bad", "still failing": "bad" } as const;

function ResultBadge({ result: { ok, verdict } }: { result: ScenarioResult }) {
  if (verdict !== undefined) return <Badge tone={TONES[verdict]}>{verdict}</Badge>;
  return <Badge tone={ok ? "good" : "bad"}>{ok ? "passed" : "failed"}</Badge>;
}

function ScenarioPanel({ scenario, scenarios }: { scenario: Scenario; scenarios: Loaded<Scenario[]> }) {
  const { name, steps, last } = scenario;
  const [isPlaying, setPlaying] = useState(false);
  const play = async () => {
    setPlaying(true);
    await attempt(() => send<ScenarioResult>("POST", `${pathOf(name)}/play`));
    setPlaying(false);
    scenarios.reload();
  };
  const remove = async () => {
    if (await attempt(() => send("DELETE", pathOf(name)), `Deleted ${name}`)) scenarios.reload();
  };
  return (
    <Panel title={name} aside={last && <ResultBadge result={last} />}>
      <div class="actions">
        <Button kind="primary" icon="play" disabled={isPlaying} onClick={() => void play()}>
          {isPlaying ? "Playing …" : "Play"}
        </Button>
        <a class="button" href={linkTo(["scenarios", name])}>
          Edit
        </a>
        <Button kind="danger" onClick={() => void remove()}>
          Delete
        </Button>
        <span class="quiet">
          {plural(steps.length, "step")}
          {last !== undefined && `, played ${moment(last.at)}`}
        </span>
      </div>
      <ol class="steps">
        {steps.map((each, index) => {
          const result = last?.results[index];
          return (
            <li key={index}>
              <Text>{stepText(each)}</Text>
              {result !== undefined && (
                <span class={result.ok ? "tone-good" : "tone-bad"}>
                  <Text>{result.got === "" ? (result.ok ? "ok" : "failed") : result.got}</Text>
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
