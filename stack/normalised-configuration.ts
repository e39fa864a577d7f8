import type { Approval, Configuration, Freeze, Repository, Service, Stage } from '../core/configuration/configuration.js';
import { DEFAULT_RECONCILE, type WrittenConfiguration } from './configuration-schema.js';
import { DEFAULT_APPROVAL_TIMEOUT, type WrittenApproval, type WrittenFreeze } from './gates-schema.js';
import { secondsOf } from './schema-values.js';
import { DEFAULT_TIMEOUT, type WrittenService } from './service-schema.js';
import type { WrittenStage } from './stage-schema.js';

/** The configuration as the functions get it: a service and an approval are objects, and times are seconds. */
export const normalised = ({
  notifications,
  repositories,
  reconcile = DEFAULT_RECONCILE,
  ...others
}: WrittenConfiguration): Configuration =>
  present({
    notifications: { ...notifications, sns: notifications?.sns ?? true },
    repositories: Object.fromEntries(Object.entries(repositories).map(([name, written]) => [name, repositoryOf(name, written)])),
    ...(reconcile !== 'off' && { reconcileSeconds: secondsOf(reconcile) }),
    ...others,
  });

type Present<Fields> = Fields extends object ? { [Key in keyof Fields]: Present<Exclude<Fields[Key], undefined>> } : Fields;

/** Zod leaves out what is absent, but its types allow undefined. */
const present = <Fields>(fields: Fields): Present<Fields> => fields as Present<Fields>;

const repositoryOf = (name: string, { tags = [], maxWait, stages }: WrittenConfiguration['repositories'][string]): Repository => ({
  name,
  tags,
  stages: stages.map(stageOf),
  ...(maxWait && { maxWaitSeconds: secondsOf(maxWait) }),
});

const stageOf = ({ services, approval, freeze, ...others }: WrittenStage): Stage => ({
  ...present(others),
  services: services.map(serviceOf),
  ...(approval && { approval: approvalOf(approval) }),
  ...(freeze && { freeze: freeze.map((one) => freezeOf(one, others.window?.timezone)) }),
});

const serviceOf = (written: WrittenService): Service => {
  const { service, timeout = DEFAULT_TIMEOUT, placementTimeout, ...others } = typeof written === 'string' ? { service: written } : written;
  const [cluster = '', name = ''] = service.split('/');
  return {
    service,
    cluster,
    name,
    timeoutSeconds: secondsOf(timeout),
    ...(placementTimeout && { placementTimeoutSeconds: secondsOf(placementTimeout) }),
    ...present(others),
  };
};

const approvalOf = (written: true | Exclude<WrittenApproval, boolean>): Approval => {
  const { timeout = DEFAULT_APPROVAL_TIMEOUT, remindAfter } = written === true ? {} : written;
  const timeoutSeconds = secondsOf(timeout);
  return { timeoutSeconds, remindAfterSeconds: remindAfter ? secondsOf(remindAfter) : Math.floor(timeoutSeconds / 2) };
};

/** Its days are those of its own time zone, else of the window's. */
export const freezeOf = (written: WrittenFreeze, ofWindow: string | undefined): Freeze => ({
  ...present(written),
  timezone: written.timezone ?? ofWindow ?? 'UTC',
});
