/** Parsing of the lines that are typed at the emulator's terminal. */
import { describe, expect, test } from "vitest";

import { chatCompletions, messageNames, parseChatInput, TOKEN_OPTIONS } from "../../src/emulator/chat-input.ts";

describe("a typed line", () => {
  test("is a text message, and an empty line is ignored", () => {
    expect(parseChatInput("  Hello  ")).toEqual({ message: "Hello" });
    expect(parseChatInput("   ")).toBeUndefined();
  });

  test.each(messageNames())("/%s is a message that a customer can send", (name) => {
    expect(parseChatInput(`/${name}`)).toMatchObject({ message: { type: expect.any(String) as string } });
  });

  test.each(["/help", "/?", "/"])("%s shows the help", (line) => {
    expect(parseChatInput(line)).toEqual({ command: "help" });
  });

  test("/token takes a token state, and is never the app token, which contains the app secret", () => {
    expect(parseChatInput("/token")).toEqual({ command: "token", name: "permanent" });
    expect(parseChatInput("/token sixty-days")).toEqual({ command: "token", name: "sixtyDays" });
    expect(parseChatInput("/token app")).toHaveProperty("problem");
    expect(TOKEN_OPTIONS).not.toContain("app");
  });

  test("that is neither a message nor a command is a problem with a hint", () => {
    expect(parseChatInput("/immage")).toEqual({ problem: "unknown message /immage", hint: "did you mean image?" });
    expect(parseChatInput("/status.failed")).toEqual({
      problem: "/status.failed is not a message that a customer can send",
    });
  });
});

test("every completion is a line that can be typed", () => {
  for (const line of chatCompletions()) expect(parseChatInput(line), line).not.toHaveProperty("problem");
});
