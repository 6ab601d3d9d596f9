/** Operations for all client libraries, checked by the received request and by the result that the library returns. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { createHash } from "node:crypto";

import { expect } from "vitest";

import { anApp, subscribe, upload as uploaded, type Emulated } from "../emulator/test-emulator.ts";

export interface Client {
  /** As npm has it. */
  name: string;
  /** How its requests reach the emulator. */
  address: string;
  /** Default: that of the development dependency. */
  version?: string;
  operations: readonly Operation[];
}

export interface Operation {
  /** The row in the table. */
  name: string;
  /** Throws when the library or the emulator behaves unexpectedly. */
  run(stage: Emulated): Promise<void>;
  /** The expected error, and why it is correct: a code of the emulator, or the name of an error of the library. */
  refused?: { code: number | string; why: string };
  /** A peculiarity of the library, for the table. */
  note?: string;
}

// Examples and responses of any shape.
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any;

export type Remark = Pick<Operation, "refused" | "note">;

export const CUSTOMER = "+16505551234";

export function last({ emulator }: Emulated) {
  return emulator.requests.at(-1) as (typeof emulator.requests)[number];
}

interface Media {
  upload(stage: Emulated, file: File): Promise<string>;
  look(stage: Emulated, id: string): Promise<{ url: string; mime: string; sha256: string; size: number }>;
  download(stage: Emulated, file: { id: string; url: string }): Promise<ArrayBuffer | Uint8Array>;
  remove(stage: Emulated, id: string): Promise<boolean>;
  remarks?: { upload?: Remark; download?: Remark };
}

/** Uploads and downloads a file; the bytes must be equal. */
export function media({ upload, look, download, remove, remarks = {} }: Media): Operation[] {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255]);
  const file = () => new File([bytes], "door.png", { type: "image/png" });
  const kept = async (stage: Emulated) => {
    const { json } = await stage.ask(`/${(await uploaded(stage, file())).json.id}`);
    return json as { id: string; url: string };
  };
  return [
    operation(
      "media upload",
      async (stage) => {
        const id = await upload(stage, file());
        const { json } = await stage.ask(`/${id}`);
        expect(json).toMatchObject({ id, mime_type: "image/png", file_size: bytes.length });
      },
      remarks.upload,
    ),
    operation("media look-up", async (stage) => {
      const { id } = await kept(stage);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const url = expect.stringContaining(`mid=${id}`) as string;
      expect(await look(stage, id)).toEqual({ url, mime: "image/png", sha256, size: bytes.length });
    }),
    operation(
      "media download",
      async (stage) => {
        const got = await download(stage, await kept(stage));
        expect(Buffer.from(got as Uint8Array)).toEqual(bytes);
      },
      remarks.download,
    ),
    operation("media deletion", async (stage) => {
      const { id } = await kept(stage);
      expect(await remove(stage, id)).toBe(true);
      expect((await stage.ask(`/${id}`)).status).toBe(400);
    }),
  ];
}

export function operation(name: string, run: Operation["run"], remark: Remark = {}): Operation {
  return { ...remark, name, run };
}

/** Subscribes an app to calls, and lets the customer allow them. */
export async function allowCalls(stage: Emulated): Promise<void> {
  await subscribe(stage, await anApp(), "calls");
  await stage.emulator.act({ action: "allow_calls" });
}

/** What a library does with the account; each takes our ids and returns the response. */
type AccountOperation = (stage: Emulated, account: Emulated["emulator"]["account"]) => Promise<unknown>;

const SUCCESS = { success: true };

/** The operations on an account that most libraries offer, and what they must return. */
const EXPECTED = {
  "phone number": ({ phoneNumberId: id }) => expect.objectContaining({ id, verified_name: expect.any(String) }),
  "phone numbers": ({ phoneNumberId: id }) => expect.objectContaining({ data: [expect.objectContaining({ id })] }),
  "business account": ({ businessAccountId: id }) => expect.objectContaining({ id, name: expect.any(String) }),
  "business profile": () =>
    expect.objectContaining({ data: [expect.objectContaining({ messaging_product: "whatsapp" })] }),
  "register the number": () => SUCCESS,
  "deregister the number": () => SUCCESS,
  "two-step PIN": () => SUCCESS,
} satisfies Record<string, (account: Emulated["emulator"]["account"]) => unknown>;

type AccountRow = keyof typeof EXPECTED;

export function accountOperations(offered: Partial<Record<AccountRow, AccountOperation>>): Operation[] {
  return Object.entries(offered).map(([name, run]) =>
    operation(name, async (stage) => {
      const { account } = stage.emulator;
      expect(await run(stage, account)).toEqual(EXPECTED[name as AccountRow](account));
    }),
  );
}

/** What differs from an ordinary text to the customer. */
interface Changes {
  to?: string;
  token?: string;
  phoneNumberId?: string;
}

/** The parts of a Graph API error that a library exposes. */
interface Surfaced {
  code: number;
  subcode?: number | undefined;
  message?: string | undefined;
  details?: string | undefined;
  trace?: string | undefined;
}

interface Failing {
  text(stage: Emulated, changes: Changes): Promise<unknown>;
  /** Reads the error from what the library threw or returned. */
  surfaced(outcome: { thrown?: unknown; returned?: unknown }): Promise<Surfaced> | Surfaced;
  /** The library's own classification of the error. */
  made?(outcome: { thrown?: unknown; returned?: unknown }): unknown;
  expected?: Readonly<Record<number, unknown>>;
}

/** Each part of an error that the library exposes must equal the emulator's response. */
export function fails({ text, surfaced, made, expected = {} }: Failing): Operation[] {
  const cases: [string, (stage: Emulated) => Changes][] = [
    ["error 131030: not on the list", () => ({ to: "+16505559999" })],
    ["error 131009: no number", () => ({ to: "Sheena" })],
    ["error 100: no such number of ours", () => ({ phoneNumberId: "100000000000000" })],
    ["error 190: token expired", ({ emulator }) => ({ token: emulator.tokens.expired })],
    ["error 190: no token", () => ({ token: "nonsense" })],
    ["error 200: not permitted", ({ emulator }) => ({ token: emulator.tokens.noMessagingScope })],
    ["error 130429: too fast", ({ emulator }) => (emulator.fail({ code: 130_429 }), {})],
  ];
  return cases.map(([name, changes]) =>
    operation(name, async (stage) => {
      const outcome = await text(stage, changes(stage)).then(
        (returned) => ({ returned }),
        (thrown: unknown) => ({ thrown }),
      );
      const { error } = last(stage);
      const { trace, ...exposed } = await surfaced(outcome);
      const code = Number(/\d+/.exec(name)?.[0]);
      expect(error?.code).toBe(code);
      const parts = Object.fromEntries(Object.keys(exposed).map((key) => [key, error?.[key as keyof typeof error]]));
      expect(exposed).toEqual({ ...parts, code });
      if (trace !== undefined) expect(trace).toMatch(/^[\w-]{10,}$/);
      if (expected[code] !== undefined) expect(made?.(outcome)).toEqual(expected[code]);
    }),
  );
}
