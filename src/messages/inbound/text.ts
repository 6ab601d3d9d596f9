/** A text message. Its variants show the keys that a message of any type can have. */
import * as z from "zod";

import { quote } from "../parts.ts";
import { replyContext, defineInbound } from "./message.ts";

const ad = {
  source_url: "https://fb.me/testAd0001",
  source_id: "120200000000000001",
  source_type: "ad",
  body: "Oiled by hand, guaranteed for ten years.",
  headline: "Hinges that last",
  media_type: "image",
  image_url: "https://example.com/ads/hinges.jpg",
  ctwa_clid: "ARtestClickId0123456789",
};

export const text = defineInbound("text", {
  shape: { text: z.looseObject({ body: z.string() }) },
  examples: {
    default: { text: { body: "Is the blue one still in stock?" } },
    emoji: { text: { body: "Grüße aus Köln 👋🏽 das wären 50 % / Stück, oder? Mail: shop@example.com" } },
    reply: { context: replyContext, text: { body: "Yes, that one" } },
    forwarded: { context: { forwarded: true }, text: { body: "They repair hinges on Saturdays too" } },
    "frequently-forwarded": {
      context: { frequently_forwarded: true },
      text: { body: "Free hinges for everybody, tell your friends!" },
    },
    "product-inquiry": {
      context: {
        ...replyContext,
        referred_product: { catalog_id: "194836987003835", product_retailer_id: "hinge-40" },
      },
      text: { body: "Does this one come in black?" },
    },
    referral: { referral: ad, text: { body: "Hello, can I get more about this?" } },
    "referral-post": {
      referral: {
        source_url: "https://fb.me/testPost0002",
        source_id: "120200000000000002",
        source_type: "post",
        body: "How we fit a hinge in two minutes",
        headline: "Two minutes",
        media_type: "video",
        video_url: "https://example.com/posts/two-minutes.mp4",
        thumbnail_url: "https://example.com/posts/two-minutes.jpg",
        welcome_message: { text: "Ask us about hinges" },
      },
      text: { body: "Which screws are those?" },
    },
    group: { group_id: "Y2FwaV9ncm91cDp0ZXN0LWdyb3VwLTAwMQZD", text: { body: "Who brings the ladder?" } },
    // Until 2026, messages had no user ids.
    older: { customer: { userId: false }, text: { body: "You know my number only" } },
    "user-id": { customer: { number: false }, text: { body: "You know me by my user id only" } },
    "parent-user-id": {
      customer: { number: false, parent: true },
      text: { body: "You know me in all your accounts" },
    },
    "identity-checked": {
      contact: { identity_key_hash: "DF2lS5v2W6x=" },
      text: { body: "It is still me" },
    },
  },
  summary: (message) => quote(message.text.body),
});
