import type { Clock } from '@sema/timing-buffer';
import { PortError } from './port-error.ts';
import { checkName } from './port-rules.ts';
import type { PortState } from './port-state.ts';
import type { Lease, LeaseBook } from './ports.ts';

const NS_PER_MS = 1e6;

interface HeldName {
  readonly holder: string;
  readonly token: number;
  untilNs: number;
}

export class InProcessLeases implements LeaseBook {
  readonly lifetimeMs: number;
  readonly #state: PortState;
  readonly #clock: Clock;
  readonly #held = new Map<string, HeldName>();
  #token = 0;

  constructor(state: PortState, clock: Clock, lifetimeMs: number) {
    this.#state = state;
    this.#clock = clock;
    this.lifetimeMs = lifetimeMs;
  }

  acquire(name: string, holder: string): Promise<Lease | undefined> {
    return this.#state.answer(() => {
      checkName('name', name);
      checkName('holder', holder);
      if (this.#current(name) !== undefined) return undefined;
      this.#checkRoom();
      const held = { holder, token: ++this.#token, untilNs: this.#untilNs() };
      this.#held.set(name, held);
      return this.#lease(name, held);
    });
  }

  holder(name: string): Promise<string | undefined> {
    return this.#state.answer(() => {
      checkName('name', name);
      return this.#current(name)?.holder;
    });
  }

  #lease(name: string, held: HeldName): Lease {
    const { holder, token } = held;
    return {
      name,
      holder,
      token,
      renew: () =>
        this.#state.answer(() => {
          if (this.#current(name) !== held) return false;
          held.untilNs = this.#untilNs();
          return true;
        }),
      release: () =>
        this.#state.answer(() => {
          if (this.#current(name) === held) this.#held.delete(name);
        }),
    };
  }

  #current(name: string): HeldName | undefined {
    const held = this.#held.get(name);
    if (held === undefined || held.untilNs > this.#clock.nowNs()) return held;
    this.#held.delete(name);
    return undefined;
  }

  #checkRoom(): void {
    const { names } = this.#state.limits;
    if (this.#held.size < names) return;
    for (const name of [...this.#held.keys()]) this.#current(name);
    if (this.#held.size >= names) {
      throw new PortError('FULL', `${names} names are held, and no more`);
    }
  }

  #untilNs(): number {
    return this.#clock.nowNs() + this.lifetimeMs * NS_PER_MS;
  }
}
