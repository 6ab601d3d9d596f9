/** What belongs to one phone number: profile, commands, QR codes, blocked customers, username, public key. */
import { BlockList } from "./block-list.ts";
import type { Context } from "./context.ts";
import type { ConversationalAutomation } from "./conversational-automation.ts";
import type { Profile } from "./profile.ts";
import { QrCodes } from "./qr-codes.ts";

export interface NumberAssets {
  profile: Profile;
  automation: ConversationalAutomation;
  readonly qrCodes: QrCodes;
  readonly blocked: BlockList;
  commerce: { is_cart_enabled: boolean; is_catalog_visible: boolean };
  username?: string;
  /** The public key for Flows, in PEM. */
  publicKey?: string;
}

export class Numbers {
  readonly #assets = new Map<string, NumberAssets>();
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The assets of a number of the account. Callers pass only ids that exist, which bounds their number. */
  of(phoneNumberId: string): NumberAssets {
    const known = this.#assets.get(phoneNumberId);
    if (known !== undefined) return known;
    const assets: NumberAssets = {
      profile: {},
      automation: {},
      qrCodes: new QrCodes(this.#context.ids),
      blocked: new BlockList(this.#context),
      commerce: { is_cart_enabled: true, is_catalog_visible: false },
    };
    this.#assets.set(phoneNumberId, assets);
    return assets;
  }

  /** The fields of the number that requests about its assets change. */
  fieldsOf(phoneNumberId: string): { conversational_automation: object; username: string | undefined } {
    const { automation, username } = this.of(phoneNumberId);
    const { enable_welcome_message = false, prompts = [], commands = [] } = automation;
    const conversational_automation = { enable_welcome_message, prompts, commands, id: phoneNumberId };
    return { conversational_automation, username };
  }

  /** The id of the number that has this username. */
  withUsername(username: string): string | undefined {
    const same = (other = "") => other.toLowerCase() === username.toLowerCase();
    return [...this.#assets].find(([, assets]) => same(assets.username))?.[0];
  }
}
