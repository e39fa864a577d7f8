import type { Phase } from '../core/query/answers.js';
import type { ServiceKind } from './api.js';

/** What a service does while a deployment of it is in a phase. */
export const phaseKinds: Readonly<Record<Exclude<Phase, 'ended'>, ServiceKind>> = {
  starting: 'starting',
  queued: 'queued',
  beforeTask: 'beforeTask',
  updating: 'rollingOut',
  rollingOut: 'rollingOut',
  verifying: 'verifying',
  rollingBack: 'rollingBack',
};
