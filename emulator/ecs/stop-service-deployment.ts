import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { serviceModify } from './rate-limits.js';
import type { ServiceDeployment } from './records.js';
import { requestRollback } from './rollout.js';
import { onServiceAnd } from './rollout-permissions.js';
import type { EcsState } from './state.js';

const find = (state: EcsState, arn: string): ServiceDeployment => {
  const found = state.serviceDeployments.get(arn);
  if (!found) throw new AwsError('ServiceDeploymentNotFoundException', 'The service deployment was not found.');
  return found;
};

type StopInput = { readonly serviceDeploymentArn: string; readonly stopType?: string };

export const stopServiceDeployment = (state: EcsState): Operation =>
  operation<StopInput, unknown>({
    service: 'ecs',
    name: 'StopServiceDeployment',
    input: { serviceDeploymentArn: 'string', stopType: 'string' },
    required: ['serviceDeploymentArn'],
    rateLimit: serviceModify,
    permissions: ({ serviceDeploymentArn }) => onServiceAnd(state, 'ecs:StopServiceDeployment', [serviceDeploymentArn]),
    run: ({ serviceDeploymentArn, stopType = 'ROLLBACK' }, { account, caller }) => {
      if (stopType !== 'ROLLBACK') {
        throw new AwsError('InvalidParameterException', `stopType ${stopType} is not supported. The valid value is ROLLBACK.`);
      }
      const record = find(state, serviceDeploymentArn);
      const { status, service } = record;
      if (status === 'STOPPED' || status === 'SUCCESSFUL' || status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED') {
        throw new AwsError('ConflictException', `The service deployment is ${status} and cannot be stopped.`);
      }
      account.log.add('ecs', 'service-deployment-stop-requested', {
        service: service.name,
        cluster: service.cluster.name,
        status,
        by: caller.arn,
      });
      // In the other statuses the request has no effect.
      const { rollout } = service;
      if ((status === 'PENDING' || status === 'IN_PROGRESS') && rollout?.serviceDeployment === record) {
        requestRollback(state, service, rollout);
      }
      return { serviceDeploymentArn };
    },
  });

type ContinueInput = { readonly serviceDeploymentArn: string; readonly hookId: string; readonly action?: string };

/** Lifecycle hooks are not emulated, so that no hook is ever found. */
export const continueServiceDeployment = (state: EcsState): Operation =>
  operation<ContinueInput, unknown>({
    service: 'ecs',
    name: 'ContinueServiceDeployment',
    input: { serviceDeploymentArn: 'string', hookId: 'string', action: 'string' },
    required: ['serviceDeploymentArn', 'hookId'],
    rateLimit: serviceModify,
    permissions: ({ serviceDeploymentArn }) => onServiceAnd(state, 'ecs:ContinueServiceDeployment', [serviceDeploymentArn]),
    run: ({ serviceDeploymentArn, hookId }) => {
      find(state, serviceDeploymentArn);
      throw new AwsError('InvalidParameterException', `Lifecycle hook ${hookId} was not found in the service deployment.`);
    },
  });
