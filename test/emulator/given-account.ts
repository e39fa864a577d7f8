import type { Caller } from '../../emulator/caller.js';
import type { CloudWatch } from '../../emulator/cloudwatch/api.js';
import { type AccountOptions, EmulatedAccount } from '../../emulator/emulated-account.js';
import type { Iam, PolicyDocument } from '../../emulator/iam/api.js';
import type { Services } from '../../emulator/services.js';

export const user: Caller = { arn: 'arn:aws:iam::123456789012:user/dev', kind: 'user' };

/** A resource policy that lets one service do everything on behalf of one ARN. */
export const policyFor = (service: string, sourceArn: string): PolicyDocument => ({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: '*',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
    },
  ],
});

/** Every caller is allowed everything, except services, which need `policyFor`, and roles named "powerless". */
const fakeIam: Partial<Iam> = {
  isAllowed: (caller) => !caller.arn.includes('powerless'),
  isAllowedByResource: (policy, caller) =>
    policy?.Statement.some(
      ({ Principal, Condition }) =>
        typeof Principal === 'object' && Principal.Service === caller.arn && Condition?.ArnEquals?.['aws:SourceArn'] === caller.sourceArn,
    ) ?? false,
  canAssume: (roleArn) => !roleArn.includes('unassumable'),
  keyPermissionsFor: () => [],
  encrypt: () => {},
};

/** Metrics go nowhere. */
const fakeCloudWatch: Partial<CloudWatch> = { putMetric: () => {}, readLogLine: () => {} };

/** An account with these services and a fake IAM; `ask` makes one request as the account's user. */
export const givenAccount = (make: (account: EmulatedAccount) => Partial<Services>, options?: AccountOptions) => {
  const account = new EmulatedAccount(options);
  const services = { iam: { ...fakeIam } as Iam, cloudwatch: { ...fakeCloudWatch } as CloudWatch, ...make(account) } as Services;
  account.services = services;
  const ask = <Output = Record<string, unknown>>(service: string, operation: string, input: object, caller = user): Promise<Output> =>
    account.clock.during(() => account.request<Output>(caller, service, operation, input));
  return { account, ask, ...services };
};
