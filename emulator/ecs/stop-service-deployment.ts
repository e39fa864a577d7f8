import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { logFields } from './emit-event.js';
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
    input: { serviceDeploymentArn: 'string', stopType: { oneOf: ['ABORT', 'ROLLBACK'] } },
    required: ['serviceDeploymentArn'],
    rateLimit: serviceModify,
    permissions: ({ serviceDeploymentArn }) => onServiceAnd('ecs:StopServiceDeployment', [serviceDeploymentArn]),
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

type ContinueInput = { readonly serviceDeploymentArn: string; readonly hookId: string; readonly action?: 'CONTINUE' | 'ROLLBACK' };

export const continueServiceDeployment = (state: EcsState): Operation =>
  operation<ContinueInput, unknown>({
    service: 'ecs',
    name: 'ContinueServiceDeployment',
    input: { serviceDeploymentArn: 'string', hookId: 'string', action: { oneOf: ['CONTINUE', 'ROLLBACK'] } },
    required: ['serviceDeploymentArn', 'hookId'],
    rateLimit: serviceModify,
    permissions: ({ serviceDeploymentArn }) => onServiceAnd('ecs:ContinueServiceDeployment', [serviceDeploymentArn]),
    run: ({ serviceDeploymentArn, hookId, action = 'CONTINUE' }, { account, caller }) => {
      const record = find(state, serviceDeploymentArn);
      const run = record.hooks.find(({ id }) => id === hookId);
      if (!run) throw new AwsError('InvalidParameterException', `Lifecycle hook ${hookId} was not found in the service deployment.`);
      // The hook must be AWAITING_ACTION, and the service deployment IN_PROGRESS (developer guide, "Continuing service deployments").
      if (run.status !== 'AWAITING_ACTION' || record.status !== 'IN_PROGRESS')
        throw new AwsError('InvalidParameterException', `Lifecycle hook ${hookId} is not awaiting an action.`);
      account.log.add('ecs', 'hook-answered', { ...logFields(record.service), stage: run.stage, action, by: caller.arn });
      run.settle(action, action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED');
      return { serviceDeploymentArn };
    },
  });
