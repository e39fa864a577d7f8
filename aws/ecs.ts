import { ECSClient } from '@aws-sdk/client-ecs';
import { type ClientSettings, clientFor } from './client-settings.js';
import { preserveUnknownMembers } from './preserve-unknown-members.js';

class Ecs extends ECSClient {
  constructor(settings: ClientSettings) {
    super(settings);
    preserveUnknownMembers(this);
  }
}

export const ecs = clientFor(Ecs);

/** `production/web` → what ECS's calls want. */
export const named = (service: string): { cluster: string; service: string } => {
  const slash = service.indexOf('/');
  return { cluster: service.slice(0, slash), service: service.slice(slash + 1) };
};

/** ECS answers AccessDenied for lists of nothing. */
export const present = <T>(values: readonly (T | undefined)[] | undefined): T[] =>
  (values ?? []).filter((value): value is T => value !== undefined);
