/** One delivery: what it was, what became of it, its bytes, and what can be done with it. */
import { useState } from "preact/hooks";

import type { DeliveryDetail } from "../../../api.ts";
import { bytes, customerLabel, duration, moment } from "../../parts/format.ts";
import { useKeys } from "../../parts/keys.ts";
import { BackLink, Badge, Button, Facts, Failed, IconButton, Panel } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { attempt, copy } from "../../parts/toast.tsx";
import { useLoaded, useOnLive } from "../../wire/loaded.ts";
import { linkTo } from "../../wire/route.ts";
import { get, send } from "../../wire/server.ts";
import { NoteField } from "./note.tsx";
import { Payload } from "./payload.tsx";
import { Replay } from "./replay.tsx";
import { forwardText, kindOf, Verdict } from "./row.tsx";
import { SecretField } from "./secret.tsx";
import { TraceList } from "./trace.tsx";

export function Delivery({ id, back }: { id: string; back: string }) {
  const path = `/api/deliveries/${encodeURIComponent(id)}`;
  const { value, error, reload } = useLoaded(id, (signal) => get<DeliveryDetail>(path, {}, signal));
  useOnLive((live) => (live.source === "listener" && live.row?.id === id) || live.source === "emulator", reload, {
    everyMs: 500,
  });
  const [isReplaying, setReplaying] = useState(0);
  useKeys({ r: () => setReplaying((times) => times + 1) });
  if (value === undefined) return error === undefined ? null : <Failed error={error} retry={reload} />;
  return (
    <>
      <Head detail={value} back={back} path={path} reload={reload} />
      <div class="detail">
        {value.verdict === "rejected" && <Rejected detail={value} path={path} />}
        <Replay detail={value} path={path} again={isReplaying} />
        <Summary detail={value} />
        {value.trace !== undefined && value.trace.steps.length > 0 && <TraceList trace={value.trace} />}
        {value.forwards.length > 0 && <Forwards detail={value} />}
        <Payload detail={value} />
        <NoteField note={value.note} path={path} onSaved={reload} />
      </div>
    </>
  );
}

interface HeadProps {
  detail: DeliveryDetail;
  back: string;
  path: string;
  reload: () => void;
}

function Head({ detail: { id, receivedAt, verdict, pinned, copies, ...row }, back, path, reload }: HeadProps) {
  const pin = async () => {
    if (await attempt(() => send("PUT", `${path}/note`, { pinned: !pinned }))) reload();
  };
  return (
    <header class="content-head">
      <BackLink to={back} label="Back to the list" />
      <div class="titles">
        <h1>
          <Text>{row.events.length === 0 ? "delivery" : kindOf({ id, receivedAt, verdict, ...row })}</Text>{" "}
          <span class="quiet">#{id}</span>
        </h1>
        <span class="quiet">
          {moment(receivedAt)} · {bytes(row.bytes)}
        </span>
      </div>
      <Verdict verdict={verdict} />
      <div class="copies" role="group" aria-label="Copy as">
        <span class="quiet" aria-hidden="true">
          Copy as
        </span>
        {(["curl", "fixture", "test"] as const).map((name) => (
          <Button key={name} onClick={() => void copy(copies[name], `as ${name}`)} title={`Copy as ${name}`}>
            {name}
          </Button>
        ))}
      </div>
      <a class="button" href={linkTo(["compare", id])}>
        Compare
      </a>
      <IconButton icon="pin" label={pinned ? "Unpin" : "Pin"} pressed={pinned} onClick={() => void pin()} />
    </header>
  );
}

function Rejected({ detail, path }: { detail: DeliveryDetail; path: string }) {
  return (
    <section class="panel bad" aria-label="Why it was rejected">
      <p>
        <strong>Rejected:</strong> <Text>{detail.reason ?? "no reason was recorded"}</Text>
      </p>
      <SecretField path={path} />
    </section>
  );
}

function Summary({ detail: { events, more } }: { detail: DeliveryDetail }) {
  if (events.length === 0) return null;
  return (
    <Panel title={events.length + more === 1 ? "Event" : `${events.length + more} events`}>
      <ul class="events">
        {events.map((event, index) => (
          <li key={index}>
            <Badge tone={event.kind === "failed" || event.group === "malformed" ? "bad" : "info"}>
              <Text>{event.kind}</Text>
            </Badge>
            <div>
              <p>
                <Text>{event.summary === "" ? event.field : event.summary}</Text>
                {event.unknown === true && <span class="quiet"> unknown to this version of wa-hook</span>}
              </p>
              {event.fix !== undefined && (
                <p class="remedy">
                  → <Text>{event.fix}</Text>
                </p>
              )}
              <p class="quiet">
                <People event={event} />
                {event.id !== undefined && <Text>{event.id}</Text>}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="quiet">… and {more} more in the payload</p>}
    </Panel>
  );
}

function People({ event: { from, to, name } }: { event: DeliveryDetail["events"][number] }) {
  const customer = from ?? to;
  if (customer === undefined) return null;
  return (
    <>
      {to !== undefined && from === undefined ? "to " : "from "}
      <a href={linkTo(["conversations", customer])}>
        <Text>{name ?? customerLabel(customer)}</Text>
      </a>{" "}
    </>
  );
}

function Forwards({ detail: { forwards } }: { detail: DeliveryDetail }) {
  return (
    <Panel title="App">
      {forwards.map((forward) => (
        <Facts
          key={forward.to}
          facts={[
            ["Endpoint", <Text key="to">{forward.to}</Text>],
            ["Response", <Text key="text">{forwardText(forward)}</Text>],
            forward.nextAt === undefined || forward.state !== "pending"
              ? undefined
              : ["Next attempt", `in ${duration(Math.max(0, forward.nextAt - Date.now()))}`],
            forward.response === undefined ? undefined : ["Body", <Text key="body">{forward.response}</Text>],
          ]}
        />
      ))}
    </Panel>
  );
}
