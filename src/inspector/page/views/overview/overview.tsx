/** How it goes: health, rate, latency, outcome, windows, and repeated attempts. */
import { useEffect, useState } from "preact/hooks";

import type { Overview as OverviewData, Timeline } from "../../../api.ts";
import { useInterval } from "../../parts/interval.ts";
import { Failed, Panel } from "../../parts/pieces.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useLoaded, useOnLive } from "../../wire/loaded.ts";
import { get } from "../../wire/server.ts";
import { useProgram } from "../../wire/state.ts";
import { AppOutput } from "./app-output.tsx";
import { HealthPanel } from "./health.tsx";
import type { Plot as PlotComponent } from "./plot.tsx";
import { TimelinePanel } from "./timeline.tsx";
import { Windows } from "./windows.tsx";

const SPANS = { "15 min": 15, "1 h": 60, "24 h": 1440 } as const;
type Span = keyof typeof SPANS;
/** Without events, the plots move on. */
const EVERY_MS = 5000;

export function Overview() {
  const [span, setSpan] = useState<Span>("15 min");
  const minutes = SPANS[span];
  const Plot = usePlot();
  const hasListener = useProgram()?.listener !== undefined;
  const overview = useLoaded(span, (signal) => get<OverviewData>("/api/overview", { minutes }, signal));
  const timeline = useLoaded(span, (signal) => get<Timeline>("/api/timeline", { minutes }, signal));
  const reload = () => {
    overview.reload();
    timeline.reload();
  };
  useOnLive(({ source }) => source === "listener" || source === "emulator", reload, { everyMs: 1000 });
  useInterval(reload, EVERY_MS);
  const tabs = <Tabs tabs={Object.keys(SPANS) as Span[]} shown={span} onChange={setSpan} label="Time span" />;
  if (overview.error !== undefined && overview.value === undefined)
    return <Failed error={overview.error} retry={reload} />;
  return (
    <div class="page overview">
      <h1 class="sr">Overview</h1>
      <HealthPanel />
      {hasListener && overview.value !== undefined && (
        <>
          <Panel title="Deliveries" aside={tabs}>
            <div class="plot-space">{Plot && <Plot data={overview.value} of="outcomes" />}</div>
          </Panel>
          <Panel title="Latency, 95th percentile">
            <div class="plot-space">{Plot && <Plot data={overview.value} of="latency" />}</div>
          </Panel>
        </>
      )}
      {timeline.value !== undefined && (
        <TimelinePanel timeline={timeline.value} minutes={minutes} aside={hasListener ? undefined : tabs} />
      )}
      <Windows />
      <AppOutput />
    </div>
  );
}

/** The library for plots is nearly half of the page, so it is loaded when one is shown. */
function usePlot(): typeof PlotComponent | undefined {
  const [found, setFound] = useState<{ Plot: typeof PlotComponent }>();
  useEffect(() => void import("./plot.tsx").then(setFound), []);
  return found?.Plot;
}
