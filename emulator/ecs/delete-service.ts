import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { logFields } from './emit-event.js';
import { serviceArn } from './names.js';
import { publishService } from './publish.js';
import { serviceModify } from './rate-limits.js';
import { supersede } from './rollout.js';
import { serviceView } from './service-view.js';
import type { EcsState } from './state.js';

type Input = { readonly cluster?: string; readonly service: string; readonly force?: boolean };

export const deleteService = (state: EcsState): Operation =>
  operation<Input, unknown>({
    service: 'ecs',
    name: 'DeleteService',
    input: { cluster: 'string', service: 'string', force: 'boolean' },
    required: ['service'],
    rateLimit: serviceModify,
    permissions: ({ cluster, service }, account) => [{ action: 'ecs:DeleteService', resource: serviceArn(account, cluster, service) }],
    run: (input, { account, caller }) => {
      const service = state.activeService(input.cluster, input.service);
      if (service.desiredCount > 0 && !input.force) {
        throw new AwsError('InvalidParameterException', 'The service cannot be stopped while it is scaled above 0.');
      }
      supersede(state, service);
      service.status = 'DRAINING';
      service.desiredCount = 0;
      publishService(state, service);
      account.log.add('ecs', 'service-deleted', { ...logFields(service), by: caller.arn });
      account.clock.after(state.seconds(0.5, 2), () => state.reconcile(service));
      return { service: serviceView(service, service.serviceDeployments[0]?.arn) };
    },
  });
