import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type ClientSettings, clientFor } from './client-settings.js';

const sts = clientFor(STSClient);

/** The ARN of the caller, by its credentials. It needs no permission (STS API, GetCallerIdentity). */
export const callerArn = async (settings: ClientSettings): Promise<string> => {
  const { Arn = '' } = await sts(settings).send(new GetCallerIdentityCommand({}));
  return Arn;
};
