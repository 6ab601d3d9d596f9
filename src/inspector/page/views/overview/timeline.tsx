/** Attempts over time, a lane for each target, so that a retry storm is seen as one. */
import type { ComponentChildren } from "preact";

import type { Timeline } from "../../../api.ts";
import { clock, duration, plural } from "../../parts/format.ts";
import { Empty, Panel } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { linkTo } from "../../wire/route.ts";

type Lane = Timeline["lanes"][number];
type Attempt = Lane["attempts"][number];

/** Of the drawing; it is stretched to the width of the panel. */
const [WIDTH, HEIGHT] = [1000, 36];
const MAX_STORMS = 8;
const MINUTE_MS = 60_000;

interface TimelineProps {
  timeline: Timeline;
  minutes: number;
  aside?: ComponentChildren;
}

export function TimelinePanel({ timeline: { lanes }, minutes, aside }: TimelineProps) {
  const now = Date.now();
  const since = now - minutes * MINUTE_MS;
  return (
    <Panel title="Attempts" aside={aside}>
      {lanes.length === 0 ? (
        <Empty title="No attempts in this time">Each attempt to deliver or to forward is a mark here.</Empty>
      ) : (
        <>
          {lanes.map((lane) => (
            <LaneRow key={lane.label} lane={lane} since={since} now={now} />
          ))}
          <p class="lane-scale quiet">
            <span>{clock(since)}</span>
            <span>{clock(now)}</span>
          </p>
          <Storms lanes={lanes} />
        </>
      )}
    </Panel>
  );
}

const isGood = ({ status }: Attempt) => status === 200;

function LaneRow({ lane: { label, attempts }, since, now }: { lane: Lane; since: number; now: number }) {
  const failed = attempts.filter((attempt) => !isGood(attempt)).length;
  const repeated = attempts.filter(({ attempt }) => attempt > 1).length;
  return (
    <div class="lane">
      <p>
        <Text>{label}</Text>{" "}
        <span class="quiet">
          {plural(attempts.length, "attempt")}, {failed} failed, {repeated} repeated
        </span>
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="lane-line" d={`M0 ${HEIGHT - 1}H${WIDTH}`} />
        <path
          class="lane-good"
          d={marks(
            attempts.filter((each) => isGood(each) && each.attempt === 1),
            since,
            now,
          )}
        />
        <path
          class="lane-repeated"
          d={marks(
            attempts.filter((each) => isGood(each) && each.attempt > 1),
            since,
            now,
          )}
        />
        <path
          class="lane-failed"
          d={marks(
            attempts.filter((each) => !isGood(each)),
            since,
            now,
          )}
        />
      </svg>
    </div>
  );
}

/** A stroke for each, higher for later attempts; those on the same spot are drawn once. */
function marks(attempts: readonly Attempt[], since: number, now: number): string {
  const places = new Map<number, number>();
  for (const { at, attempt } of attempts) {
    const x = Math.round(((at - since) / (now - since)) * WIDTH);
    if (x >= 0 && x <= WIDTH) places.set(x, Math.max(places.get(x) ?? 0, Math.min(attempt, 6)));
  }
  return [...places].map(([x, attempt]) => `M${x} ${HEIGHT - 2}v-${8 + 4 * attempt}`).join("");
}

/** The deliveries that were attempted most often. */
function Storms({ lanes }: { lanes: readonly Lane[] }) {
  const storms = lanes.flatMap(stormsOf).toSorted((one, other) => other.attempts.length - one.attempts.length);
  if (storms.length === 0) return null;
  return (
    <table class="storms">
      <caption>Repeated attempts</caption>
      <thead>
        <tr>
          <th scope="col">Delivery</th>
          <th scope="col">Where</th>
          <th scope="col">Attempts</th>
          <th scope="col">Over</th>
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        {storms.slice(0, MAX_STORMS).map(({ delivery, label, attempts }) => {
          const last = attempts.at(-1);
          return (
            <tr key={`${delivery} ${label}`}>
              <td>
                <a href={linkTo(["deliveries", delivery])}>#{delivery}</a>
              </td>
              <td>
                <Text>{label}</Text>
              </td>
              <td>{last?.attempt}</td>
              <td>{duration((last?.at ?? 0) - (attempts[0]?.at ?? 0))}</td>
              <td class={last?.status === 200 ? "tone-good" : "tone-bad"}>{last?.status ?? "no response"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function stormsOf({ label, attempts }: Lane) {
  const byDelivery = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    if (attempt.delivery === undefined) continue;
    const same = byDelivery.get(attempt.delivery) ?? [];
    byDelivery.set(attempt.delivery, same);
    same.push(attempt);
  }
  return [...byDelivery]
    .filter(([, same]) => same.length > 1)
    .map(([delivery, same]) => ({ delivery, label, attempts: same }));
}
