/** One run of `wa-hook dev`: listener, emulator, app and prompt as one stream of events that ends as a whole. */
import type { Supervisor } from "../../app/supervisor.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { Broadcast } from "../../events.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import type { ListenInputs } from "../listen/inputs.ts";
import { listening, type Company } from "../listen/listen.ts";
import type { Monitoring } from "../listen/monitoring.ts";
import type { Listening } from "../listen/view.ts";
import { openInBrowser } from "./browser.ts";
import type { DevEvent, DevListening } from "./event.ts";
import { Traces } from "./traces.ts";
import { readTyped } from "./typing.ts";

export interface Parts {
  /** Of the listener. */
  inputs: ListenInputs;
  company: Company;
  emulator: Emulator | undefined;
  supervisor: Supervisor | undefined;
  shown: Pick<DevListening, "app" | "seeded">;
  /** Printed when there is no command that gets them. */
  settings: Readonly<Record<string, string>> | undefined;
  open: boolean;
}

type Output = DevEvent | Notice;

/** A screen that does not keep up loses the oldest lines. */
const MAX_UNREAD = 50_000;
/** After this long of waiting for the app to end, what is waited for is printed, in milliseconds. */
const PATIENCE_MS = 500;

export class Session {
  readonly #parts: Parts;
  readonly #world: World;
  readonly #output = new Broadcast<Output>(MAX_UNREAD);
  readonly #traces = new Traces((event) => this.#output.emit(event));
  /** Ends the listener when the app cannot be started. */
  readonly #stop = new AbortController();
  #emitToPage: Monitoring["emit"] = () => {};
  #failure: { error: unknown } | undefined;

  constructor(parts: Parts, world: World) {
    this.#parts = parts;
    const signal = AbortSignal.any([world.signal, this.#stop.signal]);
    // A copy would open the streams of the process. The prompt reads the keyboard, so single keys are not read.
    this.#world = Object.create(world, { signal: { value: signal }, keys: { value: undefined } }) as World;
  }

  /** Throws what stops it, after everything has ended. */
  async *run(): AsyncGenerator<Output, void, void> {
    const { supervisor } = this.#parts;
    const events = this.#output.events();
    const kill = () => supervisor?.kill();
    this.#world.force.addEventListener("abort", kill, { once: true });
    const whole = this.#listen();
    try {
      yield* events;
      await whole;
      if (this.#failure !== undefined) throw this.#failure.error;
    } finally {
      this.#stop.abort();
      await whole;
      this.#world.force.removeEventListener("abort", kill);
    }
  }

  /** Never rejects. */
  async #listen(): Promise<void> {
    const { inputs, company } = this.#parts;
    const last: Output[] = [];
    try {
      this.#follow();
      const serving: Company["serving"] = (emit) => (this.#emitToPage = emit);
      for await (const event of listening(inputs, this.#world, { ...company, serving })) {
        if (event.type === "listening") this.#begin(event);
        // What was counted is printed when nothing is added any more.
        else if (event.type === "summary") last.push(event);
        else this.#see(this.#annotated(event));
      }
    } catch (error) {
      this.#fail(error);
    }
    await this.#end();
    if (this.#failure === undefined) for (const event of last) this.#output.emit(event);
    this.#output.end();
  }

  #annotated(event: Exclude<Output, DevListening>): Exclude<Output, DevListening> {
    const { supervisor } = this.#parts;
    if (event.type !== "app" || event.state !== "unreachable" || supervisor === undefined) return event;
    return supervisor.status.state === "running" ? event : { ...event, starting: true };
  }

  /** In the order in which things happen. */
  #see(event: Exclude<Output, DevListening>): void {
    this.#output.emit(event);
    switch (event.type) {
      case "delivery":
      case "forwarded":
        this.#traces.addListener(event);
        break;
      case "request":
        this.#traces.addEmulator(event);
        break;
      default:
    }
  }

  #follow(): void {
    const { emulator, supervisor } = this.#parts;
    const follow = async <Event extends Exclude<Output, DevListening>>(
      events: AsyncIterable<Event> | undefined,
      see: (event: Event) => void = () => {},
    ) => {
      for await (const event of events ?? []) {
        this.#see(event);
        see(event);
      }
    };
    void follow(emulator?.events());
    void follow(supervisor?.events(), (event) => {
      if (event.type === "output") this.#emitToPage({ source: "app", event });
      else {
        const { at, state } = event;
        this.#emitToPage({ source: "app", event: { type: "state", at, state } });
        this.#emitToPage({ source: "state" });
      }
    });
  }

  /** The listener accepts deliveries: everything else starts. */
  #begin(event: Listening): void {
    const { emulator, supervisor, shown, settings, open } = this.#parts;
    const emulated = emulator && { url: emulator.url, customer: emulator.account.customer };
    this.#output.emit({ ...event, ...shown, ...(emulated === undefined ? {} : { emulator: emulated }) });
    if (settings !== undefined) {
      this.#output.emit(notice("Settings for the environment of the app:"));
      this.#output.emit({ type: "settings", env: { ...settings } });
    }
    if (open) void this.#open(event.pageUrl);
    supervisor?.run().catch((error: unknown) => this.#fail(error));
    readTyped({ supervisor, emulator }, this.#world, (reply) => this.#output.emit(reply)).catch((error: unknown) =>
      this.#fail(error),
    );
  }

  async #open(pageUrl: string | undefined): Promise<void> {
    if (pageUrl === undefined) return this.#output.emit(notice("There is no page to open"));
    // A browser opened by a script or an agent is in the way of whoever works on this machine.
    const isPerson = this.#world.ask !== undefined;
    const problem = isPerson
      ? await openInBrowser(pageUrl, this.#world.env)
      : "there is no terminal, or --no-input is set";
    if (problem !== undefined) this.#output.emit(notice(`Page not opened: ${problem}`, `open ${pageUrl}`));
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort();
  }

  async #end(): Promise<void> {
    const { supervisor } = this.#parts;
    const timer = setTimeout(() => {
      this.#output.emit(notice("Waiting up to 5 s for the app to end. Ctrl-C again stops now."));
    }, PATIENCE_MS);
    await supervisor?.close();
    clearTimeout(timer);
    this.#traces.end();
  }
}
