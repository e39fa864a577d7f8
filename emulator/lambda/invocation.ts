import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import type { InvocationFault } from '../faults.js';
import type { InvocationResult } from './api.js';
import type { FunctionVersion } from './function-version.js';
import { delayOf, hooksOf, isAfterRun } from './run-faults.js';
import { failure } from './runtime.js';
import type { Sandboxes } from './sandboxes.js';

export type Invocation = {
  readonly version: FunctionVersion;
  /** JSON. */
  readonly payload: string;
  /** For the log: the execution on whose behalf the function runs. */
  readonly execution?: string | undefined;
};

type Attempt = Invocation & { readonly account: Account; readonly sandboxes: Sandboxes };

const timedOut = (requestId: string, { spec }: FunctionVersion): InvocationResult =>
  failure('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${spec.timeoutSeconds.toFixed(2)} seconds`);

const crashed = (requestId: string): InvocationResult =>
  failure('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`);

const logResult = ({ account, version: { spec } }: Attempt, result: InvocationResult): void => {
  if (result.status === 'ok') account.log.add('lambda', 'answered', { function: spec.name });
  else if (result.errorType === 'Sandbox.Timedout') account.log.add('lambda', 'timed-out', { function: spec.name });
  else account.log.add('lambda', 'failed', { function: spec.name, errorType: result.errorType, errorMessage: result.errorMessage });
};

/** One run of the function in one sandbox. Half of the warm duration passes before its code runs, and half after. */
const attempt = (given: Attempt, fault?: InvocationFault): Promise<InvocationResult> =>
  new Promise((resolve) => {
    const { account, sandboxes, version, payload, execution } = given;
    const { clock, random, log, services } = account;
    const { spec } = version;
    const requestId = random.uuid();
    const sandbox = sandboxes.take(version);
    const initMs = sandbox.isCold ? random.between(300, 450) : 0;
    const warmMs = random.between(40, 120);
    const halfMs = Math.floor(warmMs / 2);
    log.add('lambda', 'invoked', { function: spec.name, isCold: sandbox.isCold, ...(execution !== undefined && { execution }) });
    services.cloudwatch.putMetric({ namespace: 'AWS/Lambda', name: 'Invocations', dimensions: { FunctionName: spec.name } }, 1);
    sandbox.write(`START RequestId: ${requestId} Version: ${version.version}`);

    const start = () => {
      const startedAt = clock.now;
      let isOver = false;
      const end = (result: InvocationResult, isReusable: boolean) => {
        if (isOver) return;
        isOver = true;
        clock.cancel(deadline);
        sandbox.write(`END RequestId: ${requestId}`);
        sandbox.write(
          `REPORT RequestId: ${requestId}\tDuration: ${clock.now - startedAt}.00 ms\tMemory Size: ${spec.memoryMb} MB` +
            `${initMs > 0 ? `\tInit Duration: ${initMs}.00 ms` : ''}${result.status === 'error' ? '\tStatus: error' : ''}`,
        );
        if (isReusable && sandbox.isUsable) sandboxes.release(sandbox);
        else sandboxes.discard(sandbox);
        logResult(given, result);
        resolve(result);
      };
      const deadline = clock.after(spec.timeoutSeconds * 1000, () => end(timedOut(requestId, version), false));
      const answer = (result: InvocationResult, isReusable: boolean) => {
        if (!isOver) clock.after(warmMs - halfMs + delayOf(fault, 'returnsLate'), () => end(result, isReusable));
      };
      if (fault?.kind === 'timesOut') return;
      if (fault?.kind === 'throws') {
        answer(crashed(requestId), false);
        return;
      }
      const hooks = hooksOf(clock, fault, () => end(crashed(requestId), false));
      void sandbox.run(payload, requestId, hooks).then((result) => answer(result, true));
    };
    clock.after(initMs + halfMs + delayOf(fault, 'startsLate', 'clientTimesOut'), start);
  });

/** Runs a function once, or as an injected fault says. Takes virtual time. */
export const perform = async (given: Attempt): Promise<InvocationResult> => {
  const { account, version } = given;
  const fault = account.faults.ofInvocation(version.spec.name);
  if (!fault) return attempt(given);

  account.log.add('fault', fault.kind, { on: version.spec.name });
  if (!isAfterRun(fault)) return attempt(given, fault);
  const startedAt = account.clock.now;
  const run = attempt(given, fault);
  const isGivenUpFirst = fault.kind === 'clientTimesOut' && fault.delayMs !== undefined;
  if (!isGivenUpFirst) await run;
  if (fault.kind === 'twice') return attempt(given);
  // Step Functions' guide, "Handle transient Lambda service exceptions", names the error.
  if (fault.kind === 'clientTimesOut')
    throw new AwsError('ClientExecutionTimeoutException', 'Client execution did not complete before the specified timeout', {
      status: 500,
    });
  const deadline = startedAt + version.spec.timeoutSeconds * 1000;
  return new Promise((resolve) => account.clock.at(deadline, () => resolve(timedOut(account.random.uuid(), version))));
};
