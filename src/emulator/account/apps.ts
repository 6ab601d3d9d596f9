/** The apps that can subscribe to the account's webhooks, each with a secret of its own. */
import { UsageError } from "../../errors.ts";
import { digitsOf, hexOf } from "../../webhook/derive.ts";
import type { Account } from "../options.ts";
import { APPLICATION, type Tokens } from "./tokens.ts";

export interface App {
  id: string;
  secret: string;
  name: string;
}

/** Bounds memory, and the number of copies of each webhook. */
const MAX_APPS = 20;

export class Apps {
  /** The app of the account's settings. */
  readonly own: App;
  readonly #apps = new Map<string, App>();
  readonly #seed: string;

  constructor({ appId, appSecret }: Account, seed: string) {
    this.#seed = seed;
    this.own = { id: appId, secret: appSecret, name: APPLICATION };
    this.#apps.set(appId, this.own);
  }

  get(id: string): App | undefined {
    return this.#apps.get(id);
  }

  /** All apps but the own one. Their secrets are generated, so they can be shown. */
  get others(): readonly App[] {
    return [...this.#apps.values()].slice(1);
  }

  /** Adds an app with a generated id and secret. The first one owns the token `otherApp`. Throws a `UsageError` when there are 20 apps. */
  add(tokens: Tokens): App {
    const count = this.#apps.size;
    if (count >= MAX_APPS) throw new UsageError(`the emulator has at most ${MAX_APPS} apps`, { code: "emulate.apps" });
    const suffix = count === 1 ? "" : ` ${count}`;
    const id = digitsOf(`${this.#seed} other app${suffix}`, 15);
    const secret = hexOf(`${this.#seed} other app secret${suffix}`).slice(0, 32);
    const app = { id, secret, name: `Another app${suffix}` };
    this.#apps.set(id, app);
    tokens.addApp(app);
    return app;
  }
}
