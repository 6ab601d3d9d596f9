/** A video. */
import { describeMedia, media } from "../parts.ts";
import { defineInbound, exampleUrl } from "./message.ts";

const clip = {
  caption: "It rattles when I turn it on",
  mime_type: "video/mp4",
  sha256: "7bQzYk0f4b3v0W1u8Xh2mQmJ/2sVt1o5yq9Zr3EoPjc=",
  id: "1166846181421424",
};

export const video = defineInbound("video", {
  shape: { video: media({}) },
  examples: {
    default: { video: clip },
    "with-url": { video: { ...clip, url: exampleUrl(clip.id) } },
  },
  summary: (message) => describeMedia(message.video),
});
