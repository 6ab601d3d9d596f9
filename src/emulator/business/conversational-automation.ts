/** Welcome message, ice breakers and commands of a number. Source: Meta, "Conversational components". */
import { asJsonObject } from "../../json.ts";
import { booleanOf, listOf, requireText, textWithin } from "../http/checks.ts";
import { invalid } from "../http/graph-response.ts";

export interface ConversationalAutomation {
  enable_welcome_message?: boolean;
  prompts?: string[];
  commands?: { command_name: string; command_description: string }[];
}

const MAX = { prompts: 4, prompt: 80, commands: 30, name: 32, description: 256 };

/** The changes of the settings. Throws a `GraphErrorResponse` for a value beyond Meta's limits. */
export function automationChanges(fields: Readonly<Record<string, unknown>>): ConversationalAutomation {
  const welcome = booleanOf(fields, "enable_welcome_message");
  const prompts = listOf(fields, "prompts", MAX.prompts)?.map((prompt, at) => {
    const name = `prompts[${at}]`;
    return textWithin({ [name]: prompt }, name, { min: 1, max: MAX.prompt }) ?? "";
  });
  const commands = listOf(fields, "commands", MAX.commands)?.map((command, at) => {
    const item = asJsonObject(command);
    if (item === undefined) throw invalid(`Param commands[${at}] must be a JSON object.`);
    return {
      command_name: requireText(item, "command_name", MAX.name),
      command_description: requireText(item, "command_description", MAX.description),
    };
  });
  return {
    ...(welcome === undefined ? {} : { enable_welcome_message: welcome }),
    ...(prompts === undefined ? {} : { prompts }),
    ...(commands === undefined ? {} : { commands }),
  };
}
