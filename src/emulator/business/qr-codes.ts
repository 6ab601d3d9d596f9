/** Short links with a prefilled message, and their QR codes. Source: Meta, "QR codes and short links". */
import { invalid } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";

export interface QrCode {
  code: string;
  prefilled_message: string;
  deep_link_url: string;
}

const MAX_CODES = 2000;
const CODE_LENGTH = 14;

export class QrCodes {
  readonly #codes = new Map<string, QrCode>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** Newest first, as Meta lists them. */
  list(): QrCode[] {
    return [...this.#codes.values()].toReversed();
  }

  get(code: string): QrCode | undefined {
    return this.#codes.get(code);
  }

  /** Throws a `GraphErrorResponse` when the number has reached its limit of codes. */
  add(message: string): QrCode {
    if (this.#codes.size >= MAX_CODES) throw invalid(`the number has reached the limit of ${MAX_CODES} QR codes`);
    const code = BigInt(`0x${this.#ids.token()}`).toString(36).toUpperCase().slice(0, CODE_LENGTH);
    return this.#put({ code, prefilled_message: message, deep_link_url: `https://wa.me/message/${code}` });
  }

  update(existing: QrCode, message: string): QrCode {
    return this.#put({ ...existing, prefilled_message: message });
  }

  remove(code: string): boolean {
    return this.#codes.delete(code);
  }

  #put(code: QrCode): QrCode {
    this.#codes.set(code.code, code);
    return code;
  }
}
