/** The registry of interactive types. To add one, create its file and add it here. */
import type { OutboundKind } from "../kind.ts";
import { addressMessage } from "./address-message.ts";
import { button } from "./button.ts";
import { callPermissionRequest } from "./call-permission-request.ts";
import { carousel } from "./carousel.ts";
import { catalogMessage } from "./catalog-message.ts";
import { ctaUrl } from "./cta-url.ts";
import { flow } from "./flow.ts";
import { list } from "./list.ts";
import { locationRequestMessage } from "./location-request-message.ts";
import { orderDetails } from "./order-details.ts";
import { orderStatus } from "./order-status.ts";
import { productList } from "./product-list.ts";
import { product } from "./product.ts";
import { requestContactInfo } from "./request-contact-info.ts";
import { voiceCall } from "./voice-call.ts";

export const interactiveKinds: readonly OutboundKind[] = [
  button,
  list,
  ctaUrl,
  flow,
  product,
  productList,
  catalogMessage,
  locationRequestMessage,
  addressMessage,
  carousel,
  callPermissionRequest,
  requestContactInfo,
  voiceCall,
  orderDetails,
  orderStatus,
];
