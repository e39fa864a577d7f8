import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { inLog } from './announce.js';
import { serviceModify } from './buckets.js';
import { serviceArn } from './names.js';
import { currentServiceDeployment, publishService } from './publish.js';
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
    bucket: serviceModify,
    permissions: ({ cluster, service }, world) => [{ action: 'ecs:DeleteService', resource: serviceArn(world, cluster, service) }],
    run: (input, { world, caller }) => {
      const service = state.activeService(input.cluster, input.service);
      if (service.desiredCount > 0 && !input.force) {
        throw new AwsError('InvalidParameterException', 'The service cannot be stopped while it is scaled above 0.');
      }
      supersede(state, service);
      service.status = 'DRAINING';
      service.desiredCount = 0;
      publishService(state, service);
      world.log.add('ecs', 'service-deleted', { ...inLog(service), by: caller.arn });
      world.clock.after(state.seconds(0.5, 2), () => state.reconcile(service));
      return { service: serviceView(service, currentServiceDeployment(state, service)) };
    },
  });
