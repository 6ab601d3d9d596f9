/** Makes or changes a scenario. */
import { useState } from "preact/hooks";

import type { Scenario } from "../../../api.ts";
import { BackLink, Button, Empty, Field, IconButton } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { attempt } from "../../parts/toast.tsx";
import { goTo, linkTo } from "../../wire/route.ts";
import { send } from "../../wire/server.ts";
import { useProgram } from "../../wire/state.ts";
import { clearSelection } from "../deliveries/selection.ts";
import { stepText, type Step } from "./steps.ts";

interface EditorProps {
  /** Undefined for a new one. */
  scenario: Scenario | undefined;
  /** The first steps of a new one. */
  deliveries: readonly string[];
  onSaved: () => void;
}

export function ScenarioEditor({ scenario, deliveries, onSaved }: EditorProps) {
  const [name, setName] = useState(scenario?.name ?? "");
  const [steps, setSteps] = useState<readonly Step[]>(scenario?.steps ?? deliveries.map((delivery) => ({ delivery })));
  const save = async () => {
    const body = { steps, ...(scenario?.last === undefined ? {} : { last: scenario.last }) };
    const path = `/api/scenarios/${encodeURIComponent(name)}`;
    if (!(await attempt(() => send("PUT", path, body), `Saved ${name}`))) return;
    if (deliveries.length > 0) clearSelection();
    onSaved();
    goTo(linkTo(["scenarios"]), true);
  };
  return (
    <div class="page scenarios">
      <header class="content-head always-back">
        <BackLink to={linkTo(["scenarios"])} label="Back to the scenarios" />
        <div class="titles">
          <h1>{scenario === undefined ? "New scenario" : scenario.name}</h1>
        </div>
      </header>
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {scenario === undefined && (
          <Field label="Name" hint="Letters, digits, hyphens and underscores">
            <input
              required
              pattern="[A-Za-z0-9][\w\-]{0,63}"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </Field>
        )}
        <Steps steps={steps} onChange={setSteps} />
        <Button kind="primary" type="submit" disabled={steps.length === 0 || name === ""}>
          Save scenario
        </Button>
      </form>
      <AddStep onAdd={(step) => setSteps([...steps, step])} />
    </div>
  );
}

function Steps({ steps, onChange }: { steps: readonly Step[]; onChange: (steps: readonly Step[]) => void }) {
  if (steps.length === 0) return <Empty title="No steps yet">Add one below.</Empty>;
  const up = (index: number) => {
    const [moved, above] = [steps[index], steps[index - 1]];
    if (moved !== undefined && above !== undefined) onChange(steps.with(index, above).with(index - 1, moved));
  };
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li key={index}>
          <Text>{stepText(step)}</Text>
          <span class="actions">
            {index > 0 && (
              <Button onClick={() => up(index)} title={`Move step ${index + 1} up`}>
                Up
              </Button>
            )}
            <IconButton
              icon="close"
              label={`Remove step ${index + 1}`}
              onClick={() => onChange(steps.toSpliced(index, 1))}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}

const KINDS = {
  text: { label: "Customer writes", needsEmulator: true },
  json: { label: "Customer sends JSON", needsEmulator: true },
  wait: { label: "Wait, in ms", needsEmulator: false },
  delivery: { label: "Replay delivery", needsEmulator: false },
} as const;
type Kind = keyof typeof KINDS;

function AddStep({ onAdd }: { onAdd: (step: Step) => void }) {
  const isEmulated = useProgram()?.emulated === true;
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => isEmulated || !KINDS[kind].needsEmulator);
  const [chosen, setKind] = useState<Kind>("text");
  const [typed, setTyped] = useState("");
  const kind = kinds.includes(chosen) ? chosen : "wait";
  const step = stepOf(kind, typed);
  return (
    <form
      class="panel inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (step === undefined) return;
        onAdd(step);
        setTyped("");
      }}
    >
      <Field label="Step">
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {KINDS[each].label}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Value">
        <input value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </Field>
      <Button type="submit" disabled={step === undefined}>
        Add step
      </Button>
    </form>
  );
}

function stepOf(kind: Kind, typed: string): Step | undefined {
  if (typed.trim() === "") return undefined;
  if (kind === "text") return { message: { message: typed } };
  if (kind === "wait") return /^\d{1,5}$/.test(typed) ? { waitMs: Number(typed) } : undefined;
  if (kind === "delivery") return { delivery: typed.trim().replace(/^#/, "") };
  try {
    const message: unknown = JSON.parse(typed);
    return typeof message === "object" && message !== null ? { message: { message } } : undefined;
  } catch {
    return undefined;
  }
}
