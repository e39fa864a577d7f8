import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Activity, Clock, Timer } from '../clock.js';
import type { FunctionNetwork, NodeNetwork, Origin, Target, TargetRequest } from './api.js';
import { certificateError } from './certificate.js';
import { type Read, readsOf, requestIn, silence } from './connection.js';

const code = fileURLToPath(new URL('./node-network.cjs', import.meta.url));

/** What the code in a sandbox asks and sends. */
type Port = Pick<FunctionNetwork, 'ask' | 'send'>;

/** What is around the function. */
type Surroundings = {
  /** The next answer of DNS for a name. */
  addressesOf(name: string): readonly string[];
  /** What answers at an address; undefined if packets that are sent there get lost. */
  at(address: string, port: number, origin: Origin): Target | 'refused' | undefined;
  readonly requests: TargetRequest[];
};

type InProcess = NodeNetwork & { readonly fire: (timer: number) => Promise<void> };

type Open = { readonly abort: AbortController; target?: Target; address?: string; reads?: AsyncGenerator<Read> };

// Linux gives up a connection after six repeated SYN, 127 s after the first one (tcp(7), tcp_syn_retries).
const synTimeoutMs = 127_000;
const lookupMs = 5;
const roundTripMs = 20;

/** The network of one sandbox. What its code asks for counts as a request of the invocation, so virtual time passes meanwhile. */
export class NetworkOfFunction implements FunctionNetwork {
  readonly code = code;
  #clock: Clock;
  #network: Surroundings;
  #origin: Origin;
  #activity: () => Activity | undefined;
  #connections = new Map<number, Open>();
  #timers = new Map<number, Timer>();
  #idle: (() => void)[] = [];
  fire: (timer: number) => Promise<void> = async () => {};

  constructor(clock: Clock, network: Surroundings, origin: Origin, activity: () => Activity | undefined) {
    this.#clock = clock;
    this.#network = network;
    this.#origin = origin;
    this.#activity = activity;
  }

  inProcess(): NodeNetwork {
    const make = createRequire(import.meta.url)(code) as (port: Port) => InProcess;
    const made = make({ ask: (name, input) => this.ask(name, input), send: (name, input) => this.send(name, input) });
    this.fire = made.fire;
    return made;
  }

  ask(name: string, input: object): Promise<unknown> {
    const activity = this.#activity();
    const perform = async () => this.#answers[name]?.(input as never).catch(() => ({ code: 'ECANCELED' }));
    // A frozen sandbox gets no answer.
    return activity?.isOpen ? activity.request(perform) : new Promise(() => {});
  }

  send(name: string, input: object): void {
    this.#commands[name]?.(input as never);
  }

  freeze(): void {
    this.#wake();
  }

  close(): void {
    for (const connection of this.#connections.keys()) this.send('close', { connection });
    for (const timer of this.#timers.keys()) this.send('clearTimer', { timer });
  }

  readonly #answers: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
    lookup: async ({ hostname }: { hostname: string }) => {
      await this.#clock.sleep(lookupMs);
      const addresses = this.#network.addressesOf(hostname);
      return addresses.length > 0 ? { addresses } : { addresses, code: 'ENOTFOUND' };
    },
    connect: async (given: { connection: number; address: string; port: number; servername: string; rejectUnauthorized: boolean }) => {
      const { connection, address, port, servername, rejectUnauthorized } = given;
      const clock = this.#clock;
      const open: Open = { abort: new AbortController(), address };
      this.#connections.set(connection, open);
      const { signal } = open.abort;
      const target = this.#network.at(address, port, this.#origin);
      await clock.sleep(target === undefined ? synTimeoutMs : roundTripMs, { signal });
      if (target === undefined) return { code: 'ETIMEDOUT', isOfTcp: true };
      if (target === 'refused') return { code: 'ECONNREFUSED', isOfTcp: true };
      if (target.connection === 'silent') await silence(clock, signal);
      await clock.sleep(roundTripMs, { signal });
      const code = rejectUnauthorized ? certificateError(target.certificate, servername) : undefined;
      open.target = target;
      return code === undefined ? { address } : { code };
    },
    read: async ({ connection, head }: { connection: number; head?: string }) => {
      const open = this.#connections.get(connection);
      if (!open?.target) return { code: 'ECONNRESET' };
      const { abort, target, address = '' } = open;
      if (head !== undefined) {
        const request = requestIn(head, address);
        this.#network.requests.push(request);
        open.reads = readsOf(await target.answer(request), this.#clock, abort.signal);
      }
      return (await open.reads?.next())?.value ?? {};
    },
    idle: () => this.#clock.yieldTo(new Promise<void>((resolve) => this.#idle.push(resolve))),
  };

  readonly #commands: Readonly<Record<string, (input: never) => void>> = {
    close: ({ connection }: { connection: number }) => {
      this.#connections.get(connection)?.abort.abort(new Error('closed'));
      this.#connections.delete(connection);
    },
    setTimer: ({ timer, milliseconds }: { timer: number; milliseconds: number }) => {
      this.#timers.set(
        timer,
        this.#clock.after(milliseconds, async () => {
          this.#timers.delete(timer);
          this.#wake();
          // A frozen sandbox runs nothing.
          if (this.#activity()?.isOpen) await this.fire(timer);
        }),
      );
    },
    clearTimer: ({ timer }: { timer: number }) => {
      this.#clock.cancel(this.#timers.get(timer));
      this.#timers.delete(timer);
    },
  };

  #wake(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
