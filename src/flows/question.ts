/** One question about the endpoint of a Flow, and what earlier ones have established. */
import type { Finding } from "../report/finding.ts";
import type { FlowClient, FlowResult } from "./client.ts";
import type { FlowMistake } from "./wrong-ways.ts";

export interface FlowCheckOptions {
  client: FlowClient;
  /** Signs requests; without it, questions about signatures are skipped. */
  appSecret?: string;
  publicKey: string;
  /** The screen and the data that a customer submits. Default: the screen that INIT leads to, without data. */
  screen?: string;
  data?: object;
  /** A flow token that the endpoint considers expired. */
  expiredToken?: string;
  signal?: AbortSignal;
}

/** What earlier questions have established. */
export interface FlowFacts {
  /** Whether the endpoint understands correct requests; later questions are skipped otherwise. */
  understands?: boolean;
  /** The screen after INIT. */
  screen?: string;
  /** The slowest correct response, in milliseconds. */
  slowest: number;
  mistake?: FlowMistake | undefined;
}

/** One question; may add to the facts. */
export interface FlowQuestion {
  code: string;
  title: string;
  /** Asked even when the endpoint does not understand correct requests. */
  always?: true;
  ask(options: FlowCheckOptions, facts: FlowFacts): Promise<Omit<Finding, "code" | "title">>;
}

/** Source: Meta, "Implementing Endpoints for Flows", health check. */
export function isActive({ answer }: FlowResult): boolean {
  const { data } = (answer ?? {}) as { data?: { status?: unknown } };
  return data?.status === "active";
}
