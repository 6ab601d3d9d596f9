/** Questions to the person at the terminal. */
import { InterruptedError } from "../errors.ts";
import { plain } from "../printable.ts";
import { isBlank } from "../secret.ts";

/** A person at the terminal, who can be asked. Each question throws an `InterruptedError` at Ctrl-C. */
export interface Ask {
  choose<Value>(question: string, choices: readonly { name: string; value: Value }[]): Promise<Value>;
  /** `initial` is prefilled, to be changed or accepted. */
  text(question: string, options?: { initial?: string; validate?: Validate }): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string, options?: { validate?: Validate }): Promise<string>;
  /** `initial` is what the return key alone means. */
  confirm(question: string, initial: boolean): Promise<boolean>;
}

/** What is wrong with the answer, and one thing to do; nothing when it can be used. Answers come without white space around them. */
export type Validate = (typed: string) => string | undefined;

export function terminalAsk(signal: AbortSignal): Ask {
  return printableAsk(prompts(signal));
}

/** The same questions with nothing hidden in them: prompts write to the terminal themselves, past everything that cleans text. */
export function printableAsk(ask: Ask): Ask {
  return {
    choose: (question, choices) =>
      ask.choose(
        plain(question),
        choices.map(({ name, value }) => ({ name: plain(name), value })),
      ),
    text: (question, { initial, validate } = {}) =>
      ask.text(plain(question), {
        ...(initial === undefined ? {} : { initial: plain(initial) }),
        ...checked(validate),
      }),
    secret: (question, { validate } = {}) => ask.secret(plain(question), checked(validate)),
    confirm: (question, initial) => ask.confirm(plain(question), initial),
  };
}

function checked(validate: Validate | undefined): { validate?: Validate } {
  if (validate === undefined) return {};
  return {
    validate: (typed) => {
      const problem = validate(typed);
      return problem === undefined ? undefined : plain(problem);
    },
  };
}

function prompts(signal: AbortSignal): Ask {
  // stdout is for data, so questions go where notices go.
  const context = { output: process.stderr, signal };
  return {
    choose: (message, choices) =>
      answer(async () => {
        const { select } = await import("@inquirer/prompts");
        return select({ message, choices: [...choices], loop: false }, context);
      }),

    text: (message, { initial, validate } = {}) =>
      answer(async () => {
        const { input } = await import("@inquirer/prompts");
        const typed = await input(
          {
            message,
            ...(initial === undefined ? {} : { default: initial, prefill: "editable" as const }),
            ...(validate === undefined ? {} : { validate: (typed) => validate(typed.trim()) ?? true }),
          },
          context,
        );
        return typed.trim();
      }),

    async secret(question, { validate } = {}) {
      for (let message = question; ;) {
        // What was typed leaves the screen with the question: even masked it may take several lines, and reveals its length.
        const options = { ...context, clearPromptOnDone: true };
        const shown = message;
        const typed = await answer(async () => {
          const { password } = await import("@inquirer/prompts");
          return password({ message: shown, mask: true, toggleMask: false }, options);
        });
        const problem = validate === undefined ? blank(typed) : validate(typed.trim());
        if (problem === undefined) return typed.trim();
        message = `${problem}\n  ${question}`;
      }
    },

    confirm: (message, initial) =>
      answer(async () => {
        const { confirm } = await import("@inquirer/prompts");
        return confirm({ message, default: initial }, context);
      }),
  };
}

function blank(typed: string): string | undefined {
  return isBlank(typed) ? "Nothing was typed." : undefined;
}

/** Each prompt is imported where it is used: what is not used (an editor, with a hundred encodings) stays out of the bundle. */
async function answer<Value>(prompt: () => Promise<Value>): Promise<Value> {
  try {
    return await prompt();
  } catch (cause) {
    if (!(cause instanceof Error) || !/^(ExitPrompt|AbortPrompt)Error$/.test(cause.name)) throw cause;
    throw new InterruptedError("stopped at a question; nothing was done", { code: "ask.interrupted", cause });
  }
}
