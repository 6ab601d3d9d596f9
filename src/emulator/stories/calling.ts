/** Calling: the customer calls, then the business does, with a recording and a transcript; one more call fails. No media flows. */
import type { Story } from "./story.ts";

export const calling: Story = {
  name: "calling",
  summary: "a call of the customer, a call of the business with recording and transcript, and a call that fails",
  steps: [
    [0, "calls"],
    [4000, "calls.terminate"],
    [6000, "calls.ringing"],
    [7000, "calls.connect-outbound"],
    [7500, "calls.accepted"],
    [11_000, "calls.terminate-outbound"],
    [12_000, "calls.recording"],
    [13_000, "calls.transcript"],
    [15_000, "calls.terminate-failed"],
  ],
};
