import { ECSClient } from '@aws-sdk/client-ecs';
import { type ClientSettings, clientFor } from './client-settings.js';
import { preserveUnknownMembers } from './preserve-unknown-members.js';

class Ecs extends ECSClient {
  constructor(settings: ClientSettings) {
    super(settings);
    preserveUnknownMembers(this);
  }
}

/** ECS clients that keep unknown members of task definitions. */
export const ecs = clientFor(Ecs);

/** `production/web` → the input members `cluster` and `service` of ECS's calls. */
export const toClusterAndService = (service: string): { cluster: string; service: string } => {
  const slash = service.indexOf('/');
  return { cluster: service.slice(0, slash), service: service.slice(slash + 1) };
};

/** The values that are defined: AWS types every member as optional. */
export const compact = <T>(values: readonly (T | undefined)[] | undefined): T[] =>
  (values ?? []).filter((value): value is T => value !== undefined);
