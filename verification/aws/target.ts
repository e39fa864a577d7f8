import type { Configuration } from '../../core/configuration/configuration.js';
import type { Clients } from './clients.js';
import type { DeployedStack } from './deployed-stack.js';

/** An image that the registry has, under a tag that no rule deploys. */
export type ImageSource = { readonly repository: string; readonly tag: string };

/** What the checks run against: a deployed stack, on AWS or on the emulator. */
export type Target = {
  readonly clients: Clients;
  readonly stack: DeployedStack;
  readonly configuration: Configuration;
  readonly images: { readonly healthy?: ImageSource | undefined; readonly crashing?: ImageSource | undefined };
  /** Is part of the tags of what this run pushes. */
  readonly run: string;
  /** Whether deployments may be started. */
  readonly mayChange: boolean;
  /** Lets the time between two looks at an execution pass. */
  readonly wait: () => Promise<void>;
};

/** What a check found on one target. */
export type Finding = {
  /** Why it was not made. */
  readonly skipped?: string;
  /** What is wrong whatever the emulator says. */
  readonly problems: readonly string[];
  /** What has to be the same on AWS and on the emulator. */
  readonly facts: unknown;
  /** What depends on the moment, and so proves nothing. */
  readonly notes?: readonly string[];
  /** What the check leaves behind. */
  readonly stays?: readonly string[];
};

export type Check = { readonly name: string; readonly run: (target: Target) => Promise<Finding> };

export const skip = (skipped: string): Finding => ({ skipped, problems: [], facts: undefined });
