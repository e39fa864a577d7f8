import type {
  Approval,
  BeforeTask,
  Configuration,
  Freeze,
  Repository,
  Scan,
  Service,
  Stage,
  UrlCheck,
  Verification,
} from '../core/configuration/configuration.js';
import { DEFAULT_RECONCILE, type WrittenConfiguration } from './configuration-schema.js';
import { DEFAULT_APPROVAL_TIMEOUT, type WrittenApproval, type WrittenFreeze } from './gates-schema.js';
import {
  DEFAULT_BEFORE_TIMEOUT,
  DEFAULT_EVERY,
  DEFAULT_SCAN_WAIT,
  DEFAULT_STATUS,
  DEFAULT_WITHIN,
  type WrittenBefore,
  type WrittenScan,
  type WrittenVerify,
} from './hooks-schema.js';
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

const repositoryOf = (name: string, { tags = [], maxWait, scan, stages }: WrittenConfiguration['repositories'][string]): Repository => ({
  name,
  tags,
  stages: stages.map(stageOf),
  ...(maxWait && { maxWaitSeconds: secondsOf(maxWait) }),
  ...(scan && { scan: scanOf(scan) }),
});

const scanOf = ({ block, wait = DEFAULT_SCAN_WAIT, ignore = [], onUnscanned = 'block' }: WrittenScan): Scan => ({
  block,
  waitSeconds: secondsOf(wait),
  ignore,
  onUnscanned,
});

const stageOf = ({ services, approval, freeze, before, ...others }: WrittenStage): Stage => ({
  ...present(others),
  services: services.map(serviceOf),
  ...(before && { before: beforeOf(before, onlyServiceOf(services) ?? '') }),
  ...(approval && { approval: approvalOf(approval) }),
  ...(freeze && { freeze: freeze.map((one) => freezeOf(one, others.window?.timezone)) }),
});

const serviceOf = (written: WrittenService): Service => {
  const {
    service,
    timeout = DEFAULT_TIMEOUT,
    placementTimeout,
    before,
    verify,
    ...others
  }: Exclude<WrittenService, string> = typeof written === 'string' ? { service: written } : written;
  const [cluster = '', name = ''] = service.split('/');
  return {
    service,
    cluster,
    name,
    timeoutSeconds: secondsOf(timeout),
    ...(placementTimeout && { placementTimeoutSeconds: secondsOf(placementTimeout) }),
    ...present(others),
    ...(before && { before: beforeOf(before, service) }),
    ...(verify && { verify: verificationOf(verify) }),
  };
};

/** The service of a stage that has no other; undefined for a stage of several. */
export const onlyServiceOf = (services: readonly WrittenService[]): string | undefined => {
  const [first, ...others] = services;
  if (first === undefined || others.length > 0) return undefined;
  return typeof first === 'string' ? first : first.service;
};

/** A before task, like that service unless it names another. */
export const beforeOf = ({ like, timeout = DEFAULT_BEFORE_TIMEOUT, ...others }: WrittenBefore, service: string): BeforeTask => ({
  like: like ?? service,
  ...present(others),
  timeoutSeconds: secondsOf(timeout),
});

const verificationOf = ({ url, bake, ...others }: WrittenVerify): Verification => ({
  ...present(others),
  ...(url !== undefined && { url: urlOf(url) }),
  ...(bake && { bakeSeconds: secondsOf(bake) }),
});

const urlOf = (written: NonNullable<WrittenVerify['url']>): UrlCheck => {
  const {
    status = DEFAULT_STATUS,
    every = DEFAULT_EVERY,
    within = DEFAULT_WITHIN,
    ...others
  }: Exclude<typeof written, string> = typeof written === 'string' ? { url: written } : written;
  return { ...present(others), status, everySeconds: secondsOf(every), withinSeconds: secondsOf(within) };
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
