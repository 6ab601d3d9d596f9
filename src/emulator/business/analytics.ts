/** Analytics of the account: the requested intervals, all with zeros. Source: Meta, "Analytics". */
import { parseObject } from "../../json.ts";
import { oneOf, wholeNumber } from "../http/checks.ts";
import { invalid, missing } from "../http/graph-response.ts";

type Parameters = Readonly<Record<string, unknown>>;

export const ANALYTICS = ["analytics", "conversation_analytics", "pricing_analytics", "template_analytics"] as const;

type Analytics = (typeof ANALYTICS)[number];

const INTERVALS: Readonly<Record<string, number>> = {
  HALF_HOUR: 1800,
  DAY: 86_400,
  DAILY: 86_400,
  MONTH: 30 * 86_400,
  MONTHLY: 30 * 86_400,
};
const GRANULARITIES: Readonly<Record<Analytics, readonly string[]>> = {
  analytics: ["HALF_HOUR", "DAY", "MONTH"],
  conversation_analytics: ["HALF_HOUR", "DAILY", "MONTHLY"],
  pricing_analytics: ["HALF_HOUR", "DAILY", "MONTHLY"],
  template_analytics: ["DAILY"],
};
/** Bounds the response to a request for many years in half hours. */
const MAX_POINTS = 1000;

/** The value of the field or the edge. Throws a `GraphErrorResponse` for missing or invalid parameters. */
export function analyticsOf(name: Analytics, parameters: Parameters): object {
  const [start, end] = [wholeNumber(parameters, "start"), wholeNumber(parameters, "end")];
  if (start === undefined) throw missing("start");
  if (end === undefined) throw missing("end");
  if (end <= start) throw invalid("Param end must be later than start.");
  const granularity = oneOf(parameters, "granularity", GRANULARITIES[name]);
  if (granularity === undefined) throw missing("granularity");
  const spans = spansOf(start, end, INTERVALS[granularity] ?? end - start);
  if (name === "analytics") {
    const data_points = spans.map((span) => ({ ...span, sent: 0, delivered: 0 }));
    return { phone_numbers: listOf(parameters, "phone_numbers"), granularity, data_points };
  }
  if (name === "template_analytics") {
    const ids = listOf(parameters, "template_ids").slice(0, 10);
    const counts = { sent: 0, delivered: 0, read: 0, clicked: [] };
    const points = ids.flatMap((template_id) => spans.map((span) => ({ template_id, ...span, ...counts })));
    return { data: [{ granularity, product_type: "cloud_api", data_points: points.slice(0, MAX_POINTS) }] };
  }
  const measured = name === "pricing_analytics" ? { volume: 0, cost: 0 } : { conversation: 0, cost: 0 };
  return { data: [{ data_points: spans.map((span) => ({ ...span, ...measured })) }] };
}

function spansOf(start: number, end: number, seconds: number): { start: number; end: number }[] {
  const count = Math.min(MAX_POINTS, Math.ceil((end - start) / seconds));
  return Array.from({ length: count }, (_, at) => ({
    start: start + at * seconds,
    end: Math.min(end, start + (at + 1) * seconds),
  }));
}

/** A list as JSON text, or separated by commas, or parsed already. */
function listOf(parameters: Parameters, name: string): string[] {
  const value = parameters[name];
  const items = typeof value === "string" && value.startsWith("[") ? parseObject(value) : value;
  if (Array.isArray(items)) return items.map(String);
  return typeof value === "string" && value !== "" ? value.split(",") : [];
}
