/** Coexistence: a number of the WhatsApp Business app is connected, shares contacts and history, and goes on writing in the app. */
import type { Story } from "./story.ts";

export const coexistence: Story = {
  name: "coexistence",
  summary:
    "contacts and chat history of the WhatsApp Business app, then messages that are sent, edited and deleted in it",
  steps: [
    [0, "smb_app_state_sync.several"],
    [300, "smb_app_state_sync"],
    [1000, "history"],
    [2000, "history.sent"],
    [3000, "history.threads"],
    [4000, "history.media"],
    [4500, "history.media-follows"],
    [5000, "history.sent-media-follows"],
    [6000, "history.done"],
    [8000, "smb_message_echoes"],
    [9000, "smb_message_echoes.image"],
    [10_000, "smb_message_echoes.edit"],
    [11_000, "smb_message_echoes.revoke"],
    [12_000, "smb_app_state_sync.removed"],
  ],
};
