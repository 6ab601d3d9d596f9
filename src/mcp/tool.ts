/** What a tool of the MCP server is: its inputs and outputs as schemas, what it may change, and what it does. */
import type * as z from "zod";

/** What a client may assume, as MCP's annotations say it. */
interface Effects {
  /** It changes nothing outside. */
  readOnly: boolean;
  /** What it changes can be lost by it. Without meaning when `readOnly`. */
  destructive: boolean;
  /** A second call with the same inputs changes nothing more. Without meaning when `readOnly`. */
  idempotent: boolean;
  /** It talks to services that others run, such as Meta. */
  openWorld: boolean;
}

interface Progress {
  /** Grows with every report. */
  done: number;
  total?: number;
  message: string;
}

export interface ToolContext {
  /** Aborts when the client cancels the call or leaves. */
  signal: AbortSignal;
  /** Reports to a client that asked for it. */
  progress(progress: Progress): void;
}

export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: Input;
  output: Output;
  effects: Effects;
  /** Throws one of wa-hook's errors for what cannot be done. A check with a negative result is a result. */
  run(input: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
  /** The same in a few lines, for clients that show text only. */
  text(data: z.output<Output>): string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one place where tools of all inputs and outputs meet
export type AnyTool = Tool<any, any>;

/** Gives a tool's parts their types. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}
