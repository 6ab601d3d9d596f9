/** Two plots over time: what became of deliveries, and how long it took. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

import type { Overview } from "../../../api.ts";
import { duration, plural } from "../../parts/format.ts";
import { theme } from "../../parts/theme.ts";
import { useShared } from "../../wire/shared.ts";

interface Line {
  label: string;
  /** Of the style sheet. */
  color: string;
  values: (data: Overview) => (number | null)[];
}

const LINES: Record<"outcomes" | "latency", readonly Line[]> = {
  outcomes: [
    { label: "Accepted", color: "--good", values: ({ accepted }) => accepted },
    { label: "Duplicate", color: "--quiet", values: ({ duplicates }) => duplicates },
    { label: "Rejected", color: "--bad", values: ({ rejected }) => rejected },
    { label: "App failed", color: "--warn", values: ({ failed }) => failed },
  ],
  latency: [
    { label: "Acknowledged", color: "--info", values: ({ ackP95 }) => ackP95 },
    { label: "App responded", color: "--violet", values: ({ appP95 }) => appP95 },
  ],
};
const HEIGHT = 160;

export function Plot({ data, of }: { data: Overview; of: "outcomes" | "latency" }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const chosen = useShared(theme);
  const lines = LINES[of];
  const table: uPlot.AlignedData = [data.at, ...lines.map(({ values }) => values(data))];
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(lines, of, element.clientWidth), table, element);
    };
    draw();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => {
      dark.removeEventListener("change", draw);
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
    // New data are set below.
  }, [of, chosen]);
  useEffect(() => plot.current?.setData(table), [data]);
  return (
    <>
      <div class="plot" ref={box} role="img" aria-label={summaryOf(data, of)} />
      <ul class="legend" aria-hidden="true">
        {lines.map(({ label, color }) => (
          <li key={label} class={`swatch${color}`}>
            {label}
          </li>
        ))}
      </ul>
    </>
  );
}

function optionsOf(lines: readonly Line[], of: "outcomes" | "latency", width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => resolved(style, name);
  const font = "12px system-ui, sans-serif";
  const axis = { stroke: color("--quiet"), font, grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
  const format = of === "latency" ? (value: number) => duration(value) : (value: number) => String(value);
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, max) => [0, Math.max(max, of === "latency" ? 10 : 4) * 1.1] } },
    axes: [
      { ...axis, size: 28, values: CLOCKS },
      {
        ...axis,
        size: 56,
        values: (_, splits) =>
          splits.map((value) => (Number.isInteger(value) || of === "latency" ? format(value) : "")),
      },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.label,
        stroke: color(line.color),
        width: 1.5,
        spanGaps: of === "latency",
        points: { show: of === "latency", size: 4 },
      })),
    ],
  };
}

const CLOCKS: uPlot.Axis.DynamicValues = (_, splits) =>
  splits.map((at) =>
    new Date(at * 1000).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  );

/** A canvas knows no variables and no `light-dark()`: the browser resolves them. */
function resolved(style: CSSStyleDeclaration, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = style.getPropertyValue(name);
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The same in words, for those who cannot see it. */
function summaryOf(data: Overview, of: "outcomes" | "latency"): string {
  if (of === "outcomes") {
    const { accepted, duplicates, rejected, failed } = data;
    return `${plural(sum(accepted), "delivery", "deliveries")} accepted, ${sum(duplicates)} duplicate, ${sum(rejected)} rejected, ${plural(sum(failed), "failed response")} of the app`;
  }
  return `Slowest: acknowledged in ${duration(worst(data.ackP95))}, app responded in ${duration(worst(data.appP95))}`;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const worst = (values: readonly (number | null)[]) =>
  values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
