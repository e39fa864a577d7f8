import * as v from 'valibot';
import { Executions } from '../../aws/execution.js';
import { type Decided, Gates, type Place } from '../../aws/gates.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { Topic } from '../../aws/topic.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { imageName } from '../../core/image/image-name.js';
import { type DecideInput, parseDecideInput } from '../../core/input/decide-input.js';
import type { Gate } from '../../core/release/gate.js';
import * as messages from '../../core/release/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf } from '../../core/result/result.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { reportCommand } from '../shared/report-command.js';
import { retryTransient } from '../shared/retry-transient.js';
import { untilUnchanged } from '../shared/until-unchanged.js';
import { rejectNotWaiting } from '../shared/waiting-stages.js';

type Deps = {
  readonly configuration: Configuration;
  readonly gates: Pick<Gates, 'of' | 'decide'>;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
  readonly topic: Pick<Topic, 'publish' | 'arn'>;
  readonly now: () => Date;
};

/**
 * Function `decide`: an operator's answer to a request for approval. Who may invoke it may approve. Rejected input changes nothing and is
 * answered as FAILED; every answer that counts is reported to the topic.
 */
export const decide =
  (deps: Deps) =>
  async (input: unknown): Promise<Result> => {
    const now = deps.now().toISOString();
    try {
      const answer = parseDecideInput(input);
      const { result, gate } = await untilUnchanged(() => carryOut(deps, answer, now));
      const { tag, execution } = gate;
      await reportCommand(deps, { ...answer, tag, execution, result, now });
      return result;
    } catch (error) {
      if (error instanceof RejectedInput) return error.result;
      throw error;
    }
  };

const carryOut = async (
  deps: Deps,
  answer: DecideInput,
  now: string,
): Promise<{ readonly result: Result; readonly gate: Gate } | 'changed'> => {
  const { command, repository, stage, digest, trigger } = answer;
  const place: Place = { repository, stage };
  const gate = await deps.gates.of(place);
  const open = await rejectClosed(deps, answer, gate);
  const by: Decided = { at: now, by: trigger.by, reason: trigger.reason };
  const decided = isGiven(open, answer) ? open : await deps.gates.decide(place, open.release, approvalOf(answer), by);
  if (!decided) return 'changed';
  const { token } = decided;
  // Refused, the release is between two visits: the next one finds the answer.
  if (token !== undefined) await retryTransient(() => deps.tokens.wake(token));
  const image = imageName(repository, open.tag, digest);
  const result =
    command === 'approve'
      ? resultOf('SUCCEEDED', 'APPROVAL_GIVEN', messages.approved(stage, image))
      : resultOf('SUCCEEDED', 'APPROVAL_DENIED', messages.denied(stage, image));
  return { result, gate: decided };
};

const approvalOf = ({ command }: DecideInput) => (command === 'approve' ? 'APPROVED' : 'REJECTED');

/** Was this very answer written before? Invoked again, the function wakes and reports, which it may not have come to. */
const isGiven = ({ approval, decidedBy, decisionReason }: Gate, answer: DecideInput): boolean =>
  approval === approvalOf(answer) && decidedBy === answer.trigger.by && decisionReason === answer.trigger.reason;

/** @throws RejectedInput if no request is open that this is the answer to */
const rejectClosed = async (deps: Deps, answer: DecideInput, gate: Gate | undefined): Promise<Gate> => {
  const { repository, stage, digest } = answer;
  if (!gate || gate.passedAt !== undefined || gate.approval === undefined || !(await deps.executions.isRunning(gate.execution)))
    return rejectNotWaiting(deps, answer);
  if (gate.digest !== digest)
    throw new RejectedInput(messages.otherDigestWaits(stage, imageName(repository, gate.tag, gate.digest), digest));
  if (gate.cancelledAt !== undefined) throw new RejectedInput(messages.alreadyCancelled(stage, gate));
  if (gate.approval !== 'AWAITING' && !isGiven(gate, answer)) throw new RejectedInput(messages.alreadyDecided(stage, gate.approval, gate));
  return gate;
};

export const { step, handler } = defineStep({
  name: 'Decide',
  input: v.unknown(),
  permissions: atPackaging([
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the request for approval, and its answer' },
    { allow: ['states:DescribeExecution'], on: 'releaseExecutions', for: 'whether the release still waits' },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking the release that waits' },
    { allow: ['sns:Publish'], on: 'topic', for: 'who decided what, and why' },
  ]),
  run: (environment) =>
    decide({
      configuration: environment.configuration,
      gates: new Gates(tableIn(environment)),
      executions: new Executions(environment.clients),
      tokens: new TaskTokens(environment.clients),
      topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
      now: environment.now,
    }),
});
