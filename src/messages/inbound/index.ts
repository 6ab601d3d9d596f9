/** The registry of inbound message kinds. To add one, create its file and add it here. */
import type { Kind } from "../kind.ts";
import { audio } from "./audio.ts";
import { button } from "./button.ts";
import { contacts } from "./contacts.ts";
import { document } from "./document.ts";
import { edit } from "./edit.ts";
import { image } from "./image.ts";
import { interactive } from "./interactive.ts";
import { location } from "./location.ts";
import { mediaPlaceholder } from "./media-placeholder.ts";
import { order } from "./order.ts";
import { reaction } from "./reaction.ts";
import { requestWelcome } from "./request-welcome.ts";
import { revoke } from "./revoke.ts";
import { sticker } from "./sticker.ts";
import { system } from "./system.ts";
import { text } from "./text.ts";
import { unknown } from "./unknown.ts";
import { unsupported } from "./unsupported.ts";
import { video } from "./video.ts";

export const inboundKinds: readonly Kind[] = [
  text,
  image,
  video,
  audio,
  document,
  sticker,
  location,
  contacts,
  button,
  interactive,
  reaction,
  order,
  edit,
  revoke,
  requestWelcome,
  system,
  mediaPlaceholder,
  unsupported,
  unknown,
];
