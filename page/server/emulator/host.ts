import type { LocalStack } from '../../../cli/local-stack.js';
import type { RealTime } from '../../../emulator/real-time.js';

export type Running = { readonly stack: LocalStack; readonly time: RealTime };

/** Starts a new stack on a port of 127.0.0.1. */
type Restart = (port: number) => Promise<LocalStack>;

/** The emulated account that runs now: a reset puts a new one in its place, at the same address. */
export class EmulatorHost {
  readonly #restart: Restart;
  readonly #attached: { readonly attach: (running: Running) => () => void; detach: () => void }[] = [];
  #running: Running;

  constructor(stack: LocalStack, speed: number, restart: Restart) {
    this.#restart = restart;
    this.#running = { stack, time: stack.realTime(speed) };
  }

  get running(): Running {
    return this.#running;
  }

  /** Calls `attach` for what runs now, and for each that takes its place; what it returns ends it. */
  attach(attach: (running: Running) => () => void): void {
    this.#attached.push({ attach, detach: attach(this.#running) });
  }

  /** A new account in place of this one, at the same port, whose time runs as fast. @throws Error if it does not start */
  async reset(): Promise<void> {
    const { speed } = this.#running.time;
    const port = Number(new URL(this.#running.stack.url).port);
    await this.close();
    const stack = await this.#restart(port);
    this.#running = { stack, time: stack.realTime(speed) };
    for (const one of this.#attached) one.detach = one.attach(this.#running);
  }

  async close(): Promise<void> {
    for (const one of this.#attached) one.detach();
    await this.#running.time.stop();
    await this.#running.stack.close();
  }
}
