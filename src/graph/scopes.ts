/** The permissions that the Cloud API requires. Source: Meta, "Permissions", WhatsApp. */

/** To send and receive messages. */
export const MESSAGING = "whatsapp_business_messaging";

/** To read and change WABAs. Since June 2026, `debug_token` leaves it out of the list of some tokens that have it. */
export const MANAGEMENT = "whatsapp_business_management";
