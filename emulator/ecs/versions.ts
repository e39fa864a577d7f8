import type { Clock } from '../clock.js';

type Version = { readonly from: number; readonly view: object };

/** The recent views of each resource, which stale reads return. */
export class Versions {
  #clock: Clock;
  #windowMs: number;
  #versions = new Map<string, Version[]>();

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  record(arn: string, view: object): void {
    const versions = this.#versions.get(arn) ?? [];
    const from = this.#clock.now;
    if (versions.at(-1)?.from === from) versions.pop();
    versions.push({ from, view });
    const oldest = this.#clock.now - this.#windowMs;
    while ((versions[1]?.from ?? Number.POSITIVE_INFINITY) <= oldest) versions.shift();
    this.#versions.set(arn, versions);
  }

  read<View extends object>(arn: string, asOf: number): View | undefined {
    return this.#versions.get(arn)?.findLast(({ from }) => from <= asOf)?.view as View | undefined;
  }

  forget(arn: string): void {
    this.#versions.delete(arn);
  }
}
