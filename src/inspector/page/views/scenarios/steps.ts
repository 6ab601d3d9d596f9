/** The steps of a scenario, and how they read. */
import type { Scenario } from "../../../api.ts";

export type Step = Scenario["steps"][number];

const MAX_TEXT = 120;

export function stepText(step: Step): string {
  if ("waitMs" in step) return `Wait ${step.waitMs} ms`;
  if ("delivery" in step) return `Replay delivery #${step.delivery}`;
  if ("action" in step) return `Customer: ${step.action.action}`;
  const { message } = step.message;
  if (typeof message === "string") return `Customer writes: ${message.slice(0, MAX_TEXT)}`;
  const { type } = message as { type?: unknown };
  return `Customer sends: ${typeof type === "string" ? type : JSON.stringify(message).slice(0, MAX_TEXT)}`;
}
