import type { StackClient } from '../../cli/stack-client.js';
import { appliedHold } from '../../core/lease/lease.js';
import type { ServiceStatus, Status } from '../../core/query/answers.js';
import type { Hold } from '../../core/records/records.js';
import { moment } from '../../core/result/moment.js';
import type { Command, Preview } from '../api.js';
import type { Installation } from './command-request.js';
import { PageError } from './page-error.js';

export type Line = Preview['lines'][number];
export type Client = Pick<StackClient, 'query'>;

/** Tasks of services, as ECS counts them; undefined while ECS has not been asked. */
export type DesiredOf = (service: string) => number | undefined;

export type Given = {
  readonly client: Client;
  readonly command: Command;
  readonly installation: Installation;
  readonly desiredOf: DesiredOf;
};

export const line = (kind: Line['kind'], text: string): Line => ({ kind, text });

export const needed = (value: string | undefined, member: string): string => {
  if (value !== undefined) return value;
  throw new PageError(422, { reason: 'INVALID_INPUT', message: `the command has no "${member}"; expected one` });
};

export const statusOf = async (
  client: Client,
  service: string,
): Promise<{ readonly status: Status & { at: string }; readonly one: ServiceStatus }> => {
  const status = await client.query('status', { service });
  const one = status.services.find((found) => found.service === service);
  if (one) return { status, one };
  throw new PageError(404, { reason: 'NOT_FOUND', message: `the stack has no state of ${service}` });
};

export const holdText = ({ by, reason, until }: Hold): string =>
  `on hold${by === undefined ? '' : ` by ${by}`}${until === undefined ? '' : ` until ${moment(until)}`}${reason === undefined ? '' : `: ${reason}`}`;

export const holdOf = ({ hold }: ServiceStatus, { holdOfAll, at }: Pick<Status, 'holdOfAll'> & { readonly at: string }): Hold | undefined =>
  appliedHold({ ...(hold && { hold }) }, holdOfAll, at);

export const taskLine = (desired: number | undefined): Line[] => {
  if (desired === undefined) return [];
  return [
    line(
      'tasks',
      desired === 0 ? 'No task runs: its desired count is 0.' : `${count(desired, 'task')} ${desired === 1 ? 'is' : 'are'} replaced.`,
    ),
  ];
};

export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

export const unreadable = (one: ServiceStatus): Pick<Preview, 'refused'> =>
  one.unreadable === undefined ? {} : { refused: one.unreadable };

export const queueLine = ({ current, queued }: ServiceStatus): Line[] =>
  current
    ? [line('warning', `A deployment is in progress${queued.length > 0 ? ` and ${queued.length} wait` : ''}: this one waits for it.`)]
    : [];

/** Tasks of several services; undefined unless ECS has answered for each. */
export const desiredOfAll = (services: readonly string[], desiredOf: DesiredOf): number | undefined =>
  services.reduce<number | undefined>((sum, service) => {
    const desired = desiredOf(service);
    return sum === undefined || desired === undefined ? undefined : sum + desired;
  }, 0);
