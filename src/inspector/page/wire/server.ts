/** Requests to the page's own server. */
import { TOKEN_HEADER, type Problem } from "../../api.ts";

/** Proves that a request that changes something is the page's. */
export const token = document.querySelector<HTMLMetaElement>('meta[name="wa-hook-token"]')?.content ?? "";

/** The server refused, or cannot be reached. */
class ServerError extends Error {
  readonly hint: string | undefined;
  /** The HTTP status; 0 when there was no response. */
  readonly status: number;

  constructor(message: string, status: number, hint?: string) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Throws a `ServerError`, or the reason of the signal. */
export function get<Result>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Result> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return ask(search === "" ? path : `${path}?${search}`, signal === undefined ? {} : { signal });
}

/** Throws a `ServerError`. */
export function send<Result>(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<Result> {
  const headers = { [TOKEN_HEADER]: token, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  return ask(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

async function ask<Result>(path: string, init: RequestInit): Promise<Result> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ServerError("wa-hook cannot be reached", 0, "start it again; the page reconnects by itself");
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as Result;
  const { error, hint } = problemIn(text);
  throw new ServerError(error ?? `wa-hook responded with ${response.status}`, response.status, hint);
}

function problemIn(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}

/** For a toast: what is so, and what to do. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = error instanceof ServerError ? error.hint : undefined;
  return hint === undefined ? error.message : `${error.message}: ${hint}`;
}
