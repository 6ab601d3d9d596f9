/** One question about the endpoint of a Flow, and what earlier ones have established. */
import { asJsonObject } from "../json.ts";
import type { Finding } from "../report/finding.ts";
import type { FlowClient, FlowResult } from "./client.ts";
import type { FlowMistake } from "./mistake.ts";

export interface FlowCheckOptions {
  client: FlowClient;
  publicKey: string;
  /** Signs requests; without it, questions about signatures are skipped. */
  appSecret?: string;
  /** Whether the endpoint's private key, if it is known, belongs to the public key. */
  isPair?: boolean;
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
}

/** A finding, and for a failure what the endpoint does, as a sentence. */
export type FlowAnswer = Omit<Finding, "code" | "title"> & { cause?: string };

/** One question; may add to the facts. */
export interface FlowQuestion {
  code: string;
  title: string;
  ask(options: FlowCheckOptions, facts: FlowFacts): Promise<FlowAnswer>;
}

/** Source: Meta, "Implementing Endpoints for Flows", health check. */
export function isActive({ answer }: FlowResult): boolean {
  return asJsonObject(asJsonObject(answer)?.["data"])?.["status"] === "active";
}

export function screenOf({ answer }: FlowResult): string | undefined {
  const screen = asJsonObject(answer)?.["screen"];
  return typeof screen === "string" && screen !== "" ? screen : undefined;
}

export function passed(expected: string, result: FlowResult): FlowAnswer {
  return { status: "pass", expected, got: describe(result) };
}

export function warned(expected: string, result: FlowResult, fix: string): FlowAnswer {
  return { status: "warn", expected, got: describe(result), fix: result.problem?.fix ?? fix };
}

/** A failure that is the endpoint's only mistake, as far as this question shows. */
export function failed(expected: string, result: FlowResult, { code, cause, fix }: FlowMistake): FlowAnswer {
  const { problem } = result;
  return {
    status: "fail",
    expected,
    got: describe(result),
    fix: problem?.fix ?? fix,
    reason: problem?.code ?? code,
    cause: problem?.cause ?? cause,
  };
}

export function skipped(expected: string, why: string): FlowAnswer {
  return { status: "skip", expected, got: `not checked: ${why}` };
}

const EXCERPT = 80;

function describe({ status, answer, problem, text = "" }: FlowResult): string {
  if (problem !== undefined) return problem.cause;
  if (answer !== undefined) return excerpt(JSON.stringify(answer));
  const said = text.trim();
  // A web page says nothing in its first line.
  return said === "" || said.startsWith("<") ? `status ${status}` : `status ${status}: ${excerpt(said)}`;
}

function excerpt(text: string): string {
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
}
