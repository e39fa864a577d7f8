import { commandLine } from '../command-line/shell-word.js';

/** Where the stack is, and how this machine reaches it. */
export type Where = { readonly stage: string; readonly region: string; readonly profile?: string | undefined };

const options = ({ region, profile }: Where): string[] => ['--region', region, ...(profile === undefined ? [] : ['--profile', profile])];

/** A line of the AWS CLI. */
export const aws = (where: Where, ...words: readonly string[]): string => commandLine(['aws', ...words, ...options(where)]);

/** A line of this command. */
export const slipway = (where: Where, ...words: readonly string[]): string =>
  commandLine(['npx', '--no-install', 'slipway', ...words, '--stage', where.stage, ...options(where)]);

/** Deploys the stack again, from the checkout: CloudFormation creates and changes nothing that is as in the template. */
export const deployStack = (where: Where): string =>
  commandLine(
    ['npx', 'serverless', 'deploy', '--stage', where.stage, ...options(where)].map((word) =>
      word === '--profile' ? '--aws-profile' : word,
    ),
  );

export const stackName = ({ stage }: Where): string => `slipway-${stage}`;
