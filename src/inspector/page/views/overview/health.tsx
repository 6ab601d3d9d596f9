/** The parts of the program and how they are: listener, app, tunnel, registration, token, alarms. */
import type { ComponentChildren } from "preact";

import type { State } from "../../../api.ts";
import { duration, moment } from "../../parts/format.ts";
import { Badge, Facts, Panel } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { useProgram } from "../../wire/state.ts";

const TONES = { ok: "good", degraded: "warn", failing: "bad" } as const;
const APP_TONES = { running: "good", starting: "quiet", restarting: "warn", stopped: "bad" } as const;
const DAY_MS = 86_400_000;

export function HealthPanel() {
  const state = useProgram();
  if (state === undefined) return null;
  const { listener, emulator, app } = state;
  const health = listener?.health;
  return (
    <Panel title="Health" aside={health && <Badge tone={TONES[health.status]}>{health.status}</Badge>}>
      {listener !== undefined && <Reasons listener={listener} />}
      <Facts
        facts={
          [
            listener && ["Listener", <Text key="url">{listener.url}</Text>],
            listener && [
              "Public URL",
              listener.publicUrl === undefined ? "none, local only" : <Text key="url">{listener.publicUrl}</Text>,
            ],
            listener && [
              "Forwards to",
              listener.forwardTo.length === 0 ? (
                forwardNote(state)
              ) : (
                <Text key="to">{listener.forwardTo.join(", ")}</Text>
              ),
            ],
            app && [
              "App",
              <span key="app">
                <Badge tone={APP_TONES[app.state]}>{app.state}</Badge>{" "}
                <code>
                  <Text>{app.command}</Text>
                </code>
                {app.restarts > 0 && ` restarted ${app.restarts} times`}
              </span>,
            ],
            listener && [
              "Store",
              listener.store === undefined ? "nothing is recorded" : <Text key="store">{listener.store}</Text>,
            ],
            listener?.tunnel === undefined ? undefined : ["Tunnel", <Text key="tunnel">{listener.tunnel}</Text>],
            listener?.registration === undefined
              ? undefined
              : ["Registered", <Text key="registration">{listener.registration}</Text>],
            listener?.tokenExpires === undefined
              ? undefined
              : ["Access token", <Expiry key="token" at={listener.tokenExpires} />],
            emulator && [
              "Graph API",
              <span key="emulator">
                <Text>{emulator.url}</Text> (emulated)
              </span>,
            ],
          ] satisfies (readonly [string, ComponentChildren] | undefined)[]
        }
      />
    </Panel>
  );
}

function forwardNote({ standIn }: State): string {
  return standIn === undefined ? "no app; use --forward-to" : `no app; built-in response ${standIn.status}`;
}

function Expiry({ at }: { at: number | null }) {
  if (at === null) return <>never expires</>;
  const left = at - Date.now();
  if (left <= 0) return <Badge tone="bad">expired {moment(at)}</Badge>;
  return <Badge tone={left < DAY_MS ? "warn" : "good"}>expires in {duration(left)}</Badge>;
}

function Reasons({ listener: { health, alarms } }: { listener: NonNullable<State["listener"]> }) {
  const hints = new Map(alarms.map(({ alarm, hint }) => [`alarm.${alarm}`, hint]));
  if (health.reasons.length === 0) return null;
  return (
    <ul class="reasons">
      {health.reasons.map(({ code, status, text }) => (
        <li key={code} class={`tone-${TONES[status]}`}>
          <Text>{text}</Text>
          {hints.has(code) && (
            <span class="remedy">
              {" "}
              → <Text>{hints.get(code)}</Text>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
