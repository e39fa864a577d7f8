import { overridesLimit, overridesOf } from '../core/before-task/overrides.js';
import type { Configuration } from '../core/configuration/configuration.js';
import { verifiers } from '../core/configuration/hooks.js';
import { hostIssue } from '../core/verification/address.js';
import {
  beforeSchema,
  DEFAULT_EVERY,
  DEFAULT_SCAN_WAIT,
  DEFAULT_WITHIN,
  scanSchema,
  stageBeforeSchema,
  urlFields,
  verifySchema,
  type WrittenBefore,
} from './hooks-schema.js';
import { nearest } from './nearest.js';
import { beforeOf } from './normalised-configuration.js';
import { secondsOf } from './schema-values.js';
import { serviceSchema } from './service-schema.js';
import { fields, items } from './unvalidated.js';
import type { Path, ValidationIssue } from './validation-issues.js';

/** What `startedBy` of a task has room for beside the prefix and the stage of the stack (ECS API, RunTask: 128 characters). */
const LONGEST_NAME = 90;

/**
 * Before tasks, verifications and scans that contradict the rest of the file or can never hold. Other issues of the file do not hide
 * these.
 */
export const hookIssues = (value: unknown): ValidationIssue[] => {
  const { repositories, passRoles, stack } = fields(value);
  const of: Facts = { passRoles: items(passRoles), hasVpc: 'vpc' in fields(stack) };
  const all = Object.entries(fields(repositories)).flatMap(([name, repository]) =>
    issuesOfRepository(repository, of).map(below('repositories', name)),
  );
  return [...withoutRoles(value), ...all];
};

type Facts = { readonly passRoles: readonly unknown[]; readonly hasVpc: boolean };

const below =
  (...path: Path) =>
  (issue: ValidationIssue): ValidationIssue => ({ ...issue, path: [...path, ...issue.path] });

const issuesOfRepository = (written: unknown, of: Facts): ValidationIssue[] => {
  const { stages, scan, maxWait } = fields(written);
  return [
    ...scanIssues(scan, maxWait).map(below('scan')),
    ...items(stages).flatMap((stage, index) => issuesOfStage(stage, of).map(below('stages', index))),
  ];
};

type Written = { readonly service: string; readonly container?: string | undefined };

const issuesOfStage = (written: unknown, of: Facts): ValidationIssue[] => {
  const { before, services } = fields(written);
  const parsed = items(services).flatMap((service): Written[] => {
    const found = serviceSchema.safeParse(typeof service === 'string' ? service : withoutHooks(service)).data;
    return found === undefined ? [] : [typeof found === 'string' ? { service: found } : found];
  });
  return [
    ...stageBeforeIssues(before, parsed).map(below('before')),
    ...items(services).flatMap((service, index) => {
      const own = parsed.find((one) => one.service === fields(service).service);
      return [
        ...(own ? taskIssues(beforeSchema.safeParse(fields(service).before).data, own) : []).map(below('before')),
        ...verifyIssues(fields(service).verify, of).map(below('verify')),
      ].map(below('services', index));
    }),
  ];
};

/** Issues of the form of a hook do not hide those of others. */
const withoutHooks = (service: unknown) => ({ ...fields(service), before: undefined, verify: undefined });

const stageBeforeIssues = (written: unknown, services: readonly Written[]): ValidationIssue[] => {
  const before = stageBeforeSchema.safeParse(written).data;
  if (before === undefined || services.length === 0) return [];
  const names = services.map(({ service }) => service);
  if (before.like === undefined && services.length > 1)
    return [{ path: ['like'], says: `is missing; expected one of the services of the stage: ${names.join(', ')}` }];
  const like = services.find(({ service }) => service === (before.like ?? names[0]));
  if (like !== undefined) return taskIssues(before, like);
  const meant = nearest(String(before.like), names);
  const expected = `expected one of the services of the stage: ${names.join(', ')}`;
  return [{ path: ['like'], says: `is "${before.like}"; ${expected}${meant ? `; did you mean ${meant}?` : ''}` }];
};

/** Of a before task that is like this service. */
const taskIssues = (before: WrittenBefore | undefined, { service, container }: Written): ValidationIssue[] => {
  if (before === undefined) return [];
  const issues: ValidationIssue[] = [];
  const name = service.split('/')[1] ?? '';
  if (name.length > LONGEST_NAME) {
    const says = `is of the service ${name}, whose name has ${name.length} characters; expected a service with a name of at most ${LONGEST_NAME}`;
    issues.push({ path: [], says });
  }
  if (before.container !== undefined && container !== undefined && before.container !== container) {
    const says = `is "${before.container}", and ${service} gets the image in its container ${container} alone; expected ${container}`;
    issues.push({ path: ['container'], says });
  }
  const { length } = JSON.stringify(overridesOf(beforeOf(before, service), before.container ?? container ?? ''));
  if (length > overridesLimit) {
    const says = `has overrides of ${length} characters as JSON, and Amazon ECS allows ${overridesLimit}; expected a shorter command or environment`;
    issues.push({ path: [], says });
  }
  return issues;
};

/** Without `passRoles`, who may run tasks with any command could run them with any role of the account. */
const withoutRoles = (value: unknown): ValidationIssue[] => {
  const { passRoles, repositories } = fields(value);
  if (passRoles !== undefined) return [];
  const first = Object.entries(fields(repositories))
    .flatMap(([name, repository]) =>
      items(fields(repository).stages).flatMap((stage, index): Path[] => {
        const path = ['repositories', name, 'stages', index];
        const services = items(fields(stage).services).map((service, place) => ({ at: [...path, 'services', place], of: service }));
        return [{ at: path, of: stage }, ...services].filter(({ of }) => 'before' in fields(of)).map(({ at }) => [...at, 'before']);
      }),
    )
    .at(0);
  const expected = 'passRoles with the task role and the task execution role of the service: its task may have no other role';
  return first ? [{ path: first, says: `is there without passRoles; expected ${expected}` }] : [];
};

const verifyIssues = (written: unknown, { passRoles, hasVpc }: Facts): ValidationIssue[] => {
  const verify = fields(written);
  const { url, alarms, bake, yields } = verify;
  const named = verifySchema.shape.function.safeParse(verify.function).data;
  const asksForNothing =
    written !== undefined &&
    verifySchema.safeParse(written).success &&
    [url, alarms, bake, verify.function].every((one) => one === undefined);
  return [
    ...(asksForNothing ? [{ path: [], says: 'asks for nothing; expected at least one of url, alarms with bake, bake and function' }] : []),
    ...(alarms !== undefined && bake === undefined
      ? [{ path: ['alarms'], says: 'is there without bake; expected both: an alarm needs time to see the revision' }]
      : []),
    ...(yields === true && bake === undefined
      ? [{ path: ['yields'], says: 'is true without bake; expected both, or neither: a newer push ends a bake, and nothing else' }]
      : []),
    ...repeated(alarms, 'alarms', 'alarm'),
    ...(typeof url === 'string' ? hostIssues(url, false, []) : urlIssues(fields(url), hasVpc)).map(below('url')),
    ...accountIssues(named, passRoles),
  ];
};

const urlIssues = ({ url, every, within, allowPrivate }: Record<string, unknown>, hasVpc: boolean): ValidationIssue[] => {
  const issues = hostIssues(url, allowPrivate === true, ['url']);
  const often = urlFields.shape.every.safeParse(every).data ?? DEFAULT_EVERY;
  const allowed = urlFields.shape.within.safeParse(within).data ?? DEFAULT_WITHIN;
  if (secondsOf(often) > secondsOf(allowed)) {
    const expected = 'expected at least one request within the time';
    issues.push({ path: ['every'], says: `is "${often}", longer than within, ${allowed}; ${expected}` });
  }
  if (allowPrivate === true && !hasVpc) {
    const expected = 'expected stack.vpc with subnets that reach the address: permission alone gives no route to it';
    issues.push({ path: ['allowPrivate'], says: `is true without stack.vpc; ${expected}` });
  }
  return issues;
};

/** What DNS answers for a name is checked with each request. */
const hostIssues = (written: unknown, allowPrivate: boolean, path: Path): ValidationIssue[] => {
  const url = urlFields.shape.url.safeParse(written).data;
  const says = url === undefined ? undefined : hostIssue(url, allowPrivate);
  return says === undefined ? [] : [{ path, says }];
};

/** The account of the stack is not known when packaging; that of its roles is. */
const accountIssues = (named: string | undefined, passRoles: readonly unknown[]): ValidationIssue[] => {
  const account = accountOf(named);
  const accounts = [...new Set(passRoles.map(accountOf))];
  if (account === undefined || accounts.length === 0 || accounts.includes(account)) return [];
  const says = `is "${named}", of another account than passRoles, ${accounts.join(', ')}; expected a function of the stack's account`;
  return [{ path: ['function'], says }];
};

const accountOf = (arn: unknown): string | undefined => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(String(arn))?.[1];

/** ARNs of users' functions of another Region than the stack's, which its machine cannot invoke. */
export const foreignVerifiers = (configuration: Configuration, region: string): string[] =>
  verifiers(configuration).filter((name) => name.startsWith('arn:') && name.split(':')[3] !== region);

const scanIssues = (written: unknown, maxWait: unknown): ValidationIssue[] => {
  const { wait, ignore } = fields(written);
  const issues = repeated(ignore, 'ignore', 'name');
  const allowed = typeof maxWait === 'string' ? secondsOf(maxWait) : Number.POSITIVE_INFINITY;
  const waited = wait === undefined ? DEFAULT_SCAN_WAIT : scanSchema.shape.wait.safeParse(wait).data;
  if (written === undefined || waited === undefined || secondsOf(waited) <= allowed) return issues;
  const path = wait === undefined ? [] : ['wait'];
  const is = wait === undefined ? `has the default wait, ${waited},` : `is "${waited}",`;
  const expected = `expected a wait of at most ${maxWait}, or a longer maxWait`;
  return [...issues, { path, says: `${is} longer than maxWait of the repository; ${expected}` }];
};

const repeated = (list: unknown, key: string, word: string): ValidationIssue[] =>
  items(list).flatMap((item, index, all) => {
    const first = all.indexOf(item);
    if (typeof item !== 'string' || first === index) return [];
    return [{ path: [key, index], says: `is "${item}", as is ${key}[${first}]; expected each ${word} once` }];
  });
