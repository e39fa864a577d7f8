import { type LookupAddress, lookup } from 'node:dns';
import { request } from 'node:https';
import { clearTimeout, setTimeout } from 'node:timers';

type Callback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** The network, and the timers of what uses it: of Node.js in Lambda, or of an emulator. */
export type Network = {
  readonly request: typeof request;
  /** Answers every address of a name. */
  readonly lookup: (hostname: string, options: { readonly all: true }, callback: Callback) => void;
  readonly setTimeout: (run: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
};

export const network: Network = {
  request,
  lookup,
  setTimeout,
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
