/** The phone numbers of the account: added, verified, registered with a PIN, and removed. Source: Meta, "Business phone numbers". */
import { Bounded } from "../bounded.ts";
import type { Clock } from "../clock.ts";
import { GraphErrorResponse, invalid } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";
import { digitsIn } from "../messaging/recipient.ts";
import type { Account } from "../options.ts";
import type { Changes } from "../webhooks/changes.ts";

export interface PhoneNumber {
  readonly id: string;
  /** Digits only, with the country code. */
  readonly displayNumber: string;
  /** The country calling code. */
  readonly dialCode: string;
  readonly verifiedName: string;
  /** One of Meta's public test numbers: it can message allowed recipients only. */
  readonly isTestNumber: boolean;
  /** On the clock's `elapsed()` scale: when Meta approves the display name. */
  readonly nameApprovedAt: number;
  /** In milliseconds since 1970. */
  readonly addedAt: number;
  codeRequested: boolean;
  verified: boolean;
  registered: boolean;
  /** The PIN of the two-step verification. */
  pin?: string;
  /** What `POST /{phone-number-id}/settings` stored. */
  settings: Readonly<Record<string, unknown>>;
  /** When it was registered or deregistered, in milliseconds since 1970, oldest first. */
  registrations: readonly number[];
}

interface Context {
  account: Account;
  changes: Changes;
  clock: Clock;
  ids: Ids;
}

/** The code of every emulated SMS and call. */
export const VERIFICATION_CODE = "123456";

const [MINUTE, HOUR] = [60_000, 3_600_000];
const MAX_NUMBERS = 20;
const MAX_REMOVED = 100;
const NAME_REVIEW_MS = 2000;
const DELETION_MS = 5 * MINUTE;
const REGISTRATIONS = { count: 10, withinMs: 72 * HOUR };

export class PhoneNumbers {
  readonly #context: Context;
  readonly #numbers = new Map<string, PhoneNumber>();
  /** When a number was removed, by its digits. */
  readonly #removed = new Bounded<number>(MAX_REMOVED);

  /** `isTestNumber`: whether the account's first number is one of Meta's public test numbers. */
  constructor(context: Context, { isTestNumber }: { isTestNumber: boolean }) {
    this.#context = context;
    const { phoneNumberId: id, displayNumber, verifiedName } = context.account;
    const dialCode = dialCodeOf(displayNumber);
    const ready = { codeRequested: false, verified: true, registered: true, nameApprovedAt: -Infinity };
    const number = { id, displayNumber, dialCode, verifiedName, isTestNumber, ...ready };
    this.#numbers.set(id, { ...number, addedAt: context.clock.now(), settings: {}, registrations: [] });
  }

  list(): PhoneNumber[] {
    return [...this.#numbers.values()];
  }

  get(id: string): PhoneNumber | undefined {
    return this.#numbers.get(id);
  }

  /** The account as its webhooks for this number describe it. */
  accountOf({ id, displayNumber, verifiedName }: PhoneNumber): Account {
    const { account } = this.#context;
    return id === account.phoneNumberId ? account : { ...account, phoneNumberId: id, displayNumber, verifiedName };
  }

  isNameApproved({ nameApprovedAt }: PhoneNumber): boolean {
    return nameApprovedAt <= this.#context.clock.elapsed();
  }

  /** Adds a number that is neither verified nor registered, and has its display name reviewed. Throws a `GraphErrorResponse`. */
  add(dialCode: string, national: string, verifiedName: string): PhoneNumber {
    const { clock, ids } = this.#context;
    const displayNumber = /^\d{1,3}$/.test(dialCode) ? digitsIn(`${dialCode}${national}`) : undefined;
    if (displayNumber === undefined)
      throw invalid("Invalid parameter", `+${dialCode} ${national} is not a phone number`);
    if (this.list().some((number) => number.displayNumber === displayNumber)) throw new GraphErrorResponse(2388012);
    if (this.#numbers.size >= MAX_NUMBERS) {
      throw invalid("Invalid parameter", `the emulator's account has its limit of ${MAX_NUMBERS} phone numbers`);
    }
    const number: PhoneNumber = {
      id: ids.digits("phone number"),
      displayNumber,
      dialCode,
      verifiedName,
      isTestNumber: false,
      nameApprovedAt: clock.elapsed() + NAME_REVIEW_MS,
      addedAt: clock.now(),
      codeRequested: false,
      verified: false,
      registered: false,
      settings: {},
      registrations: [],
    };
    this.#numbers.set(number.id, number);
    const decision = { decision: "APPROVED", requested_verified_name: verifiedName, rejection_reason: null };
    this.#emit(number, "phone_number_name_update", decision, NAME_REVIEW_MS);
    return number;
  }

  /** Adds a registered number, unless it is known or there are too many. */
  adopt(id: string, displayNumber: string): void {
    if (this.#numbers.has(id) || this.#numbers.size >= MAX_NUMBERS) return;
    const { account, clock } = this.#context;
    this.#numbers.set(id, {
      id,
      displayNumber,
      dialCode: dialCodeOf(displayNumber),
      verifiedName: account.verifiedName,
      isTestNumber: false,
      nameApprovedAt: -Infinity,
      addedAt: clock.now(),
      codeRequested: false,
      verified: true,
      registered: true,
      settings: {},
      registrations: [],
    });
  }

  /** Throws a `GraphErrorResponse` for the number that the emulator's settings name. */
  remove({ id, displayNumber }: PhoneNumber): void {
    if (id === this.#context.account.phoneNumberId) {
      throw invalid("Invalid parameter", "the emulator keeps the phone number that its settings name");
    }
    this.#numbers.delete(id);
    this.#removed.set(displayNumber, this.#context.clock.now());
  }

  /** Sets the PIN of the two-step verification. Throws a `GraphErrorResponse` unless it has 6 digits. */
  setPin(number: PhoneNumber, pin: string | undefined): void {
    const checked = checkPin(pin);
    if (checked !== number.pin) this.#emit(number, "security", { event: "PIN_CHANGED" });
    number.pin = checked;
  }

  /** Registers the number for the Cloud API; the first PIN becomes that of its two-step verification. Throws a `GraphErrorResponse`. */
  register(number: PhoneNumber, given: string | undefined): void {
    const pin = checkPin(given);
    const removedAt = this.#removed.get(number.displayNumber) ?? -Infinity;
    if (this.#context.clock.now() - removedAt < DELETION_MS) throw new GraphErrorResponse(133015);
    if (!number.verified) throw new GraphErrorResponse(133006);
    if (number.pin !== undefined && number.pin !== pin) throw new GraphErrorResponse(133005);
    this.#countRegistration(number);
    number.pin = pin;
    if (!number.registered) this.#emit(number, "phone_number_quality_update", ONBOARDED);
    number.registered = true;
  }

  /** Throws a `GraphErrorResponse` when the number is not registered, or was registered and deregistered too often. */
  deregister(number: PhoneNumber): void {
    this.requireRegistered(number);
    this.#countRegistration(number);
    number.registered = false;
  }

  /** Throws Meta's error for sending from a number that is not registered. */
  requireRegistered({ registered }: PhoneNumber): void {
    if (registered) return;
    throw new GraphErrorResponse(133010, { message: "(#133010) Account not registered" });
  }

  /** Throws a `GraphErrorResponse` when the number is verified already. */
  requestCode(number: PhoneNumber): void {
    if (number.verified) throw new GraphErrorResponse(136024, { details: "the phone number is already verified" });
    number.codeRequested = true;
  }

  /** Throws a `GraphErrorResponse` when the code is wrong or none was requested. */
  verifyCode(number: PhoneNumber, code: string): void {
    if (!number.codeRequested) throw new GraphErrorResponse(136025, { details: "no code was requested" });
    if (code !== VERIFICATION_CODE) {
      throw new GraphErrorResponse(136025, { details: `the code of the emulator is ${VERIFICATION_CODE}` });
    }
    number.codeRequested = false;
    number.verified = true;
  }

  #countRegistration(number: PhoneNumber): void {
    const now = this.#context.clock.now();
    const recent = number.registrations.filter((at) => now - at < REGISTRATIONS.withinMs);
    if (recent.length >= REGISTRATIONS.count) throw new GraphErrorResponse(133016);
    number.registrations = [...recent, now];
  }

  #emit({ displayNumber }: PhoneNumber, field: string, value: object, afterMs = 0): void {
    this.#context.changes.emit(field, { display_phone_number: displayNumber, ...value }, afterMs);
  }
}

const ONBOARDED = { event: "ONBOARDING", max_daily_conversations_per_business: "TIER_250" };

function checkPin(pin: string | undefined): string {
  if (pin === undefined || !/^\d{6}$/.test(pin)) throw invalid("Param pin must be 6 digits.");
  return pin;
}

/** The calling code of a number; of codes with more than one digit, two are assumed. */
function dialCodeOf(displayNumber: string): string {
  return /^[17]/.test(displayNumber) ? displayNumber.slice(0, 1) : displayNumber.slice(0, 2);
}
