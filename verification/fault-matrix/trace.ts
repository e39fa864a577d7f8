import type { Message } from '../../core/notification/message.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import type { Outcome } from '../../core/result/result.js';
import { web } from '../../test/support/failing.js';
import type { Pipeline } from '../../test/support/pipeline.js';
import type { Item } from '../../test/support/table.js';

/** A published message, and what the service ran at that moment. */
export type Notification = {
  readonly id: string;
  readonly time: number;
  readonly outcome: Outcome;
  readonly running: readonly string[];
  readonly revision: string;
};

/** Records every message from now on. */
export const recordNotifications = (pipeline: Pipeline): Notification[] => {
  const notifications: Notification[] = [];
  let published = pipeline.messages().length;
  pipeline.account.log.listen(({ time, source, type }) => {
    if (source !== 'sns' || type !== 'published') return;
    const messages = pipeline.messages();
    // A release that waits publishes other messages.
    if (messages.length === published) return;
    published = messages.length;
    const message = messages.at(-1) as Message;
    const { taskDefinition = '' } = pipeline.service(web) ?? {};
    notifications.push({ id: message.id, time, outcome: message.result.outcome, running: pipeline.running(web), revision: taskDefinition });
  });
  return notifications;
};

type Execution = ReturnType<Pipeline['account']['services']['states']['executions']>[number];
type Input = { readonly release?: string; readonly resume?: string; readonly reconcile?: boolean };

/** An execution with the executions that resumed its record. */
export type Trace = {
  readonly execution: Execution;
  readonly ids: readonly string[];
  readonly isByReconciler: boolean;
  /** The last deployment of the one service, if any. */
  readonly deployment: DeploymentRecord | undefined;
  readonly release: ReleaseRecord | undefined;
};

const inputOf = ({ input }: Execution): Input => (typeof input === 'object' && input !== null ? input : {});

const nameOf = (arn: string): string => arn.split(':').at(-1) ?? '';

const isOf = ({ arn }: Execution, record: string): boolean => record.endsWith(`#${nameOf(arn)}`);

/** The executions that operators, pushes and the reconciler started, in the order of their starts. */
export const tracesOf = ({ account }: Pipeline, items: readonly Item[]): Trace[] => {
  const all = account.services.states.executions();
  const named = (arn: string, kind: string) => items.find(({ sk }) => sk.startsWith(`${kind}#`) && sk.endsWith(`#${nameOf(arn)}`));
  return all
    .filter((execution) => inputOf(execution).resume === undefined && inputOf(execution).release === undefined)
    .map((execution) => {
      const release = named(execution.arn, 'release') as unknown as ReleaseRecord | undefined;
      const children = [...(release?.stages?.flatMap(({ deployments }) => deployments) ?? []), ...(release?.rollback?.deployments ?? [])];
      const child = children.findLast(({ service }) => service === web);
      // A release that left its stages to another one has planned deployments of the same names.
      const deployment = named(child ? child.name : execution.arn, 'deployment') as unknown as DeploymentRecord | undefined;
      const own = [execution.arn, ...children.map(({ name }) => `:${name}`)];
      const isOwn = (arn: string): boolean => own.some((end) => arn.endsWith(end));
      const resumers = all.filter((one) => own.some((end) => inputOf(one).resume?.endsWith(`#${nameOf(end)}`)));
      return {
        execution,
        ids: [...all.filter(({ arn }) => isOwn(arn)), ...resumers].map(({ arn }) => arn),
        isByReconciler: inputOf(execution).reconcile ?? false,
        deployment: deployment?.release === undefined || isOf(execution, deployment.release) ? deployment : undefined,
        release,
      };
    });
};
