import { isIP } from 'node:net';
import type { Activity, Clock } from '../clock.js';
import { isLoopback, isPrivate } from './address.js';
import type { FunctionNetwork, Network, Origin, Target, TargetRequest } from './api.js';
import { NetworkOfFunction } from './function-network.js';

/** The names, addresses and HTTPS servers around the account, none of which are real. */
export class EmulatedNetwork implements Network {
  readonly requests: TargetRequest[] = [];
  readonly dialled: string[] = [];
  hasNat = true;
  #clock: Clock;
  #names = new Map<string, (readonly string[])[]>();
  #targets = new Map<string, Target>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  setName(name: string, ...answers: readonly (readonly string[])[]): void {
    this.#names.set(nameOf(name), [...answers]);
  }

  serve(target: Target): void {
    for (const address of target.addresses) this.#targets.set(`${address} ${target.port ?? 443}`, target);
  }

  ofFunction(origin: Origin, activity: () => Activity | undefined): FunctionNetwork {
    return new NetworkOfFunction(this.#clock, this, origin, activity);
  }

  addressesOf(name: string): readonly string[] {
    if (isIP(name)) return [name];
    const answers = this.#names.get(nameOf(name)) ?? [];
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  }

  at(address: string, port: number, { isInVpc }: Origin): Target | 'refused' | undefined {
    this.dialled.push(address);
    const target = this.#targets.get(`${address} ${port}`);
    if (isLoopback(address)) return target ?? 'refused';
    const hasRoute = isPrivate(address) ? isInVpc : !isInVpc || this.hasNat;
    if (!hasRoute || !target || target.connection === 'dropped') return undefined;
    return target.connection === 'refused' ? 'refused' : target;
  }
}

/** DNS knows no case, and a dot may end a name. */
const nameOf = (name: string): string => name.toLowerCase().replace(/\.$/, '');
