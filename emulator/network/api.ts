import type { Activity } from '../clock.js';

/** One request as it arrives at a target. Names of headers have small letters. */
export type TargetRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The address that was dialled. */
  readonly address: string;
};

/** An answer of a target; times in virtual milliseconds. */
export type TargetAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Before the headers; default 20. */
  readonly delayMs?: number;
  /** The body comes in pieces of this size, which are this far apart; default 16 KiB and 0. */
  readonly chunkBytes?: number;
  readonly chunkDelayMs?: number;
  /** After the body, the connection stays open, and nothing comes. */
  readonly staysOpen?: boolean;
  /** After the body, the connection is reset. */
  readonly isReset?: boolean;
};

/** A server certificate; valid, and of an authority that Node.js trusts, unless `fault` says otherwise. */
export type TargetCertificate = {
  /** Names, which may begin with `*.`, and IP addresses. */
  readonly names: readonly string[];
  readonly fault?: 'selfSigned' | 'unknownAuthority' | 'expired';
};

/** An HTTPS server. */
export type Target = {
  readonly addresses: readonly string[];
  /** Default 443. */
  readonly port?: number;
  readonly certificate: TargetCertificate;
  /** `refused`: nothing listens at the port. `dropped`: packets get no answer. `silent`: it says nothing after the connection. */
  readonly connection?: 'accepted' | 'refused' | 'dropped' | 'silent';
  /** What it answers now, for example by what a service runs now. */
  readonly answer: (request: TargetRequest) => TargetAnswer | Promise<TargetAnswer>;
};

/** Where a function's packets start. */
export type Origin = { readonly isInVpc: boolean };

/** The network and the timers of Node.js that code in this process uses. */
export type NodeNetwork = {
  readonly request: typeof import('node:https').request;
  readonly lookup: (hostname: string, options: { readonly all: true }, callback: (...answer: never[]) => void) => void;
  readonly setTimeout: (run: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
};

/** The network of one sandbox, and what connects the code in it. */
export type FunctionNetwork = {
  /** For code in this process. */
  inProcess(): NodeNetwork;
  /** For code in a worker: the path of a CommonJS module that makes it of `ask` and `send`, and replaces Node.js's own. */
  readonly code: string;
  /** An asynchronous call of the code; never rejects. */
  ask(name: string, input: object): Promise<unknown>;
  /** A call of the code without an answer. */
  send(name: string, input: object): void;
  /** Set by what runs the code: runs one of its timers, and resolves when the code has done what follows from it. */
  fire: (timer: number) => Promise<void>;
  /** The invocation is over: what waits for a timer waits no longer. */
  freeze(): void;
  close(): void;
};

export type Network = {
  /** What DNS answers for a name: one list of addresses a lookup, the last one again and again. Without addresses, the name does not exist. */
  setName(name: string, ...answers: readonly (readonly string[])[]): void;
  /** Adds a server, or replaces that of the same address and port. */
  serve(target: Target): void;
  /** Every request that reached a target. */
  readonly requests: readonly TargetRequest[];
  /** Every address that was dialled, in order. */
  readonly dialled: readonly string[];
  /** Whether the subnets of functions in a VPC have a NAT gateway: without one, they reach no public address. Default true. */
  hasNat: boolean;
  /** What the code asks for counts as requests of its invocation, so virtual time passes meanwhile. */
  ofFunction(origin: Origin, activity: () => Activity | undefined): FunctionNetwork;
};
