/** The commands `wa-hook send …`, one per kind of message. */
import { commandsOf, type CommandEntry } from "../../terminal/command-entry.ts";

const sendCommand = commandsOf("send", "Messages");

export const sendCommands = [
  sendCommand("text", "Send a text message", async () => (await import("./text.ts")).sendText),
  sendCommand("template", "Send an approved template", async () => (await import("./template.ts")).sendTemplate),
  sendCommand("image", "Send an image", async () => (await import("./media.ts")).sendImage),
  sendCommand("video", "Send a video", async () => (await import("./media.ts")).sendVideo),
  sendCommand("audio", "Send an audio file or a voice message", async () => (await import("./media.ts")).sendAudio),
  sendCommand("document", "Send a document", async () => (await import("./media.ts")).sendDocument),
  sendCommand("sticker", "Send a sticker", async () => (await import("./media.ts")).sendSticker),
  sendCommand("location", "Send a location", async () => (await import("./location.ts")).sendLocation),
  sendCommand("contact", "Send a contact card", async () => (await import("./contact.ts")).sendContact),
  sendCommand("reaction", "React to a message with an emoji", async () => (await import("./reaction.ts")).sendReaction),
  sendCommand(
    "buttons",
    "Send a question with up to three reply buttons",
    async () => (await import("./buttons.ts")).sendButtons,
  ),
  sendCommand("list", "Send a list of up to ten rows to choose from", async () => (await import("./list.ts")).sendList),
  sendCommand("cta-url", "Send a button that opens a URL", async () => (await import("./cta-url.ts")).sendCtaUrl),
  sendCommand("flow", "Send a button that opens a WhatsApp Flow", async () => (await import("./flow.ts")).sendFlow),
  sendCommand(
    "location-request",
    "Request a location",
    async () => (await import("./location-request.ts")).sendLocationRequest,
  ),
  sendCommand(
    "voice-call",
    "Send a button that calls you in WhatsApp",
    async () => (await import("./voice-call.ts")).sendVoiceCall,
  ),
  sendCommand("product", "Send a product of a catalog", async () => (await import("./product.ts")).sendProduct),
  sendCommand(
    "product-list",
    "Send up to 30 products of a catalog",
    async () => (await import("./product-list.ts")).sendProductList,
  ),
  sendCommand(
    "catalog",
    "Send a button that opens the catalog",
    async () => (await import("./catalog.ts")).sendCatalog,
  ),
  sendCommand(
    "carousel",
    "Send two to ten cards with buttons or products",
    async () => (await import("./carousel.ts")).sendCarousel,
  ),
  sendCommand("address", "Request a postal address", async () => (await import("./address.ts")).sendAddress),
  sendCommand(
    "order-details",
    "Send a bill to be paid in WhatsApp",
    async () => (await import("./order-details.ts")).sendOrderDetails,
  ),
  sendCommand("pin", "Pin a message in a group", async () => (await import("./pin.ts")).sendPin),
  sendCommand("read", "Mark a received message as read", async () => (await import("./read.ts")).sendRead),
  sendCommand(
    "json",
    "Send a message in the Cloud API's JSON format",
    async () => (await import("./json.ts")).sendJson,
  ),
] as const satisfies readonly CommandEntry[];
