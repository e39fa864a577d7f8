import type { Task } from './records.js';
import type { EcsState } from './state.js';

/** `…:secret:name-suffix:json-key:version-stage:version-id`, of which the last three are not part of the secret's ARN. */
const secretArn = (valueFrom: string): string => valueFrom.split(':').slice(0, 7).join(':');

/**
 * Why the secrets of a task's containers cannot be retrieved, in the words of published stopped reasons on Fargate; undefined if they can.
 * Only secrets of this account's Secrets Manager are looked up: parameters, and secrets of other accounts and Regions, are there.
 */
export const secretFailureOf = ({ account }: EcsState, { containers }: Task): string | undefined => {
  const prefix = account.arn('secretsmanager', 'secret:');
  const named = containers.flatMap(({ definition }) => (definition.secrets ?? []).map(({ valueFrom = '' }) => secretArn(valueFrom)));
  const missing = named.find((arn) => arn.startsWith(prefix) && !account.services.secrets.exists(arn));
  return missing === undefined
    ? undefined
    : 'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ' +
        `secret from asm: service call has been retried 1 time(s): failed to fetch secret ${missing} from secrets manager: ` +
        "ResourceNotFoundException: Secrets Manager can't find the specified secret.";
};
