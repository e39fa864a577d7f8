import * as v from 'valibot';
import { Executions } from '../../aws/execution.js';
import { Gates } from '../../aws/gates.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { Topic } from '../../aws/topic.js';
import { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { hasBeforeTask } from '../../core/configuration/hooks.js';
import { settingsOf } from '../../core/configuration/service-settings.js';
import { imageName } from '../../core/image/image-name.js';
import { type Command, parseControlInput } from '../../core/input/control-input.js';
import type { Trigger } from '../../core/records/records.js';
import * as gateMessages from '../../core/release/messages.js';
import type { HoldRelease } from '../../core/release/withheld.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf } from '../../core/result/result.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { reportCommand } from '../shared/report-command.js';
import { retryTransient } from '../shared/retry-transient.js';
import { startWithheld } from '../shared/start-withheld.js';
import { rejectNotWaiting } from '../shared/waiting-stages.js';
import { wakeWatcher } from '../shared/wake-watcher.js';

type Deps = {
  readonly configuration: Configuration;
  readonly machine: string;
  readonly executions: Pick<Executions, 'start' | 'isRunning'>;
  readonly gates: Pick<Gates, 'of' | 'cancel'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'hold' | 'unhold' | 'requestCancel'>;
  readonly watch: Pick<WatchItems, 'addNews'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
  readonly topic: Pick<Topic, 'publish' | 'arn'>;
  readonly now: () => Date;
};

/** What a command did. `started`: ARNs of the executions that deploy what the hold kept back. */
export type ControlOutput = Result & { readonly started?: readonly string[] };

/**
 * Function `control`: an operator's hold, its release, or the cancellation of a deployment or of a release that waits. Rejected input changes nothing and is
 * answered as FAILED; every command that is carried out is reported to the topic.
 * @throws Error if something that a hold kept back could not be started; that is reported, too, and the rest is started
 */
export const control =
  (deps: Deps) =>
  async (input: unknown): Promise<ControlOutput> => {
    const now = deps.now().toISOString();
    try {
      const command = parseControlInput(input, now);
      if (command.command === 'cancelRelease') return await cancelRelease(deps, command, now);
      const { service } = command;
      if (service !== '*' || command.command === 'cancel') settingsOf(deps.configuration, service);
      const { failed: [failed] = [], ...output } = await carryOut(deps, command, now);
      await reportCommand(deps, { ...command, result: output, now });
      // Who invoked it, or Lambda for an asynchronous invocation, repeats it.
      if (failed) throw failed;
      return output;
    } catch (error) {
      if (error instanceof RejectedInput) return error.result;
      throw error;
    }
  };

/** Cancels the release that waits before a stage. */
const cancelRelease = async (
  deps: Deps,
  { repository, stage, trigger }: Extract<Command, { command: 'cancelRelease' }>,
  now: string,
): Promise<ControlOutput> => {
  const { gates, executions, tokens } = deps;
  const place = { repository, stage };
  const gate = await gates.of(place);
  const isWaiting = gate?.passedAt === undefined && gate !== undefined && (await executions.isRunning(gate.execution));
  // Invoked again with the same words, it wakes and reports, which it may not have come to.
  const isRequested = gate?.cancelledAt !== undefined && gate.cancelledBy === trigger.by && gate.cancelReason === trigger.reason;
  const request = async () => (isRequested ? gate : gate && gates.cancel(place, gate.release, { at: now, ...operatorOf(trigger) }));
  const cancelled = isWaiting ? await request() : undefined;
  if (!cancelled) return rejectNotWaiting(deps, place);
  const { token, tag, digest, execution } = cancelled;
  // Refused, the release is between two visits: the next one finds the request.
  if (token !== undefined) await retryTransient(() => tokens.wake(token));
  const message = gateMessages.waitCancelled(stage, imageName(repository, tag, digest));
  const result = resultOf('SUCCEEDED', 'CANCEL_REQUESTED', message);
  await reportCommand(deps, { command: 'cancel', repository, stage, digest, tag, execution, trigger, result, now });
  return result;
};

type Done = ControlOutput & { readonly failed?: readonly Error[] };

const carryOut = async (deps: Deps, command: Exclude<Command, { command: 'cancelRelease' }>, now: string): Promise<Done> => {
  const { service, trigger } = command;
  switch (command.command) {
    case 'hold': {
      // An item of another version stays as it is: it would be read as one of this version.
      await deps.states.of(service);
      const until = command.until !== undefined && { until: command.until };
      await deps.states.hold(service, { ...operatorOf(trigger), at: now, ...until });
      return resultOf('SUCCEEDED', 'HELD', messages.held(service, command.until));
    }
    case 'unhold':
      return unhold(deps, service, { until: now, ...operatorOf(trigger) });
    case 'cancel': {
      const { lease } = await deps.states.of(service);
      const cancel = lease && { record: lease.record, ...operatorOf(trigger), ...(command.stopTask && { stopTask: true }) };
      if (!cancel || !(await deps.states.requestCancel(service, lease.execution, cancel)))
        throw new RejectedInput(`no deployment of ${service} is in progress; there is nothing to cancel`);
      await wakeWatcher(deps, service);
      const hasTask = hasBeforeTask(deps.configuration, service);
      const task = command.stopTask ? 'stopped' : 'waitedFor';
      return resultOf('SUCCEEDED', 'CANCEL_REQUESTED', messages.cancelRequested(lease.execution, hasTask ? task : undefined));
    }
  }
};

const unhold = async (deps: Deps, service: string, release: HoldRelease): Promise<Done> => {
  const { hold } = await deps.states.of(service);
  await deps.states.unhold(service);
  // Only now: AcquireLease saves what a hold keeps back, and then reads the hold again.
  const { started, isStillHeld, failed } = await startWithheld(deps, service, release);
  const message = messages.unheld(service, {
    wasHeld: hold !== undefined,
    keptBack: started.length,
    isStillHeld,
    failed: failed.map((error) => `${error.name}: ${error.message}`),
  });
  return { ...resultOf('SUCCEEDED', 'UNHELD', message), started, failed };
};

const operatorOf = ({ by, reason }: Trigger) => ({ ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) });

export const { step, handler } = defineStep({
  name: 'Control',
  input: v.unknown(),
  permissions: atPackaging([
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'holds, cancel requests, and what a hold kept back' },
    { allow: ['states:DescribeExecution'], on: 'releaseExecutions', for: 'whether the release that is cancelled still waits' },
    { allow: ['states:StartExecution'], on: 'releaseMachine', for: 'what a hold kept back' },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking what is cancelled' },
    { allow: ['sns:Publish'], on: 'topic', for: 'who asked for what, and why' },
  ]),
  run: (environment) =>
    control({
      configuration: environment.configuration,
      machine: variable(environment, 'RELEASE_MACHINE_ARN'),
      executions: new Executions(environment.clients),
      gates: new Gates(tableIn(environment)),
      states: new ServiceStateRepository(tableIn(environment)),
      watch: new WatchItems(tableIn(environment)),
      tokens: new TaskTokens(environment.clients),
      topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
      now: environment.now,
    }),
});
