import type { DeliveryFault, Fault, InvocationFault } from '../../emulator/faults.js';
import type { Random } from '../../emulator/random.js';
import { roleOf } from '../role-of.js';

/** A fault that is injected `at` milliseconds after the race began. */
export type RaceFault = { readonly at: number } & (
  | { readonly kind: 'delivery'; readonly fault: DeliveryFault }
  | { readonly kind: 'request'; readonly fault: Fault }
  | { readonly kind: 'invocation'; readonly fault: InvocationFault }
);

const seconds = (count: number): number => count * 1000;
const minutes = (count: number): number => seconds(count * 60);

const ecsEvents = ['ECS Task State Change', 'ECS Deployment State Change', 'ECS Service Action'] as const;

/** The functions of the deployment machine, and those that answer its tokens. */
const ofDeployments = [
  'openDeployment',
  'acquireLease',
  'registerRevision',
  'updateService',
  'watchRollout',
  'rollBack',
  'closeDeployment',
  'handleEcsEvent',
  'sweep',
  'control',
] as const;

/** Those of a release that waits at a gate. */
const gateFunctions = ['planRelease', 'passGates', 'decide', 'evaluateStage', 'closeRelease'] as const;

/** Those of a before task and a verification. */
const hookFunctions = ['runBeforeTask', 'runBeforeTask', 'verify', 'verify', 'handleAlarmEvent'] as const;

/** Those that send an answer to a token. */
const notAnswering: readonly string[] = ['openDeployment', 'updateService', 'rollBack', 'planRelease', 'closeRelease'];

/** Draws the faults of a race: none in half of them. `end` is the time of its last input. */
export const faultsIn = (
  random: Random,
  end: number,
  { hasGate, hasHooks }: { readonly hasGate: boolean; readonly hasHooks: boolean },
): RaceFault[] => {
  const further = hasGate ? [...gateFunctions, ...gateFunctions] : hasHooks ? hookFunctions : [];
  const functions = [...ofDeployments, ...further];
  const answering = functions.filter((name) => !notAnswering.includes(name));
  const one = <T>(choices: readonly T[]): T => choices[random.between(0, choices.length - 1)] as T;
  // Fewer than the retries of a state in all, so that no outcome changes.
  const times = (): number => one([1, 1, 2]);
  const delivery = (): DeliveryFault => {
    const kind = one(['lost', 'lost', 'doubled', 'delayed', 'reordered'] as const);
    const delayMs = random.between(0, one([seconds(5), minutes(2), minutes(15)]));
    // All of one kind are lost, or all there are, or some.
    const detailType = one([...ecsEvents, undefined]);
    return {
      rule: 'ecs',
      ...(detailType !== undefined && { detailType }),
      kind,
      delayMs,
      skip: random.between(0, 3),
      times: one([1, 3, 10, Number.POSITIVE_INFINITY]),
    };
  };
  const answer = (): Fault => ({
    on: one(['states.SendTaskSuccess', 'states.SendTaskFailure']),
    by: roleOf(one(answering)),
    kind: one(['timeoutBefore', 'timeoutAfter', 'delayedEffect', 'throttled'] as const),
    delayMs: random.between(0, one([seconds(2), seconds(40)])),
    skip: random.between(0, 1),
    times: times(),
  });
  const write = (): Fault => ({
    on: one(['dynamodb.UpdateItem', 'dynamodb.UpdateItem', 'dynamodb.GetItem', 'dynamodb.DeleteItem']),
    by: roleOf(one(functions)),
    kind: one(['timeoutBefore', 'timeoutAfter', 'delayedEffect', 'throttled'] as const),
    delayMs: random.between(0, one([seconds(2), seconds(40)])),
    skip: random.between(0, 4),
    times: times(),
  });
  const calls = hasHooks
    ? ['ecs.RunTask', 'ecs.RunTask', 'ecs.StopTask', 'ecs.UpdateService']
    : ['ecs.UpdateService', 'ecs.StopServiceDeployment'];
  const update = (): Fault => ({
    on: one(calls),
    by: one(hasHooks ? ['RunBeforeTaskRole', 'RunBeforeTaskRole', 'UpdateServiceRole'] : ['UpdateServiceRole', 'RollBackRole']),
    kind: one(['timeoutBefore', 'timeoutAfter', 'delayedEffect', 'throttled'] as const),
    delayMs: random.between(0, seconds(15)),
  });
  const invocation = (): InvocationFault => ({
    function: `-${one(functions)}`,
    kind: one(['killed', 'killed', 'startsLate', 'pauses', 'returnsLate', 'answerLost', 'twice'] as const),
    afterRequests: random.between(1, 3),
    delayMs: random.between(0, one([seconds(3), seconds(15), seconds(60)])),
    skip: random.between(0, 2),
    times: times(),
  });
  if (random.between(1, 2) === 1) return [];
  return Array.from({ length: random.between(1, 3) }, (): RaceFault => {
    const at = random.between(0, end + minutes(2));
    switch (random.between(1, 8)) {
      case 1:
      case 2:
      case 3:
        return { at, kind: 'delivery', fault: delivery() };
      case 4:
        return { at, kind: 'request', fault: answer() };
      case 5:
        return { at, kind: 'request', fault: write() };
      case 6:
        return { at, kind: 'request', fault: update() };
      default:
        return { at, kind: 'invocation', fault: invocation() };
    }
  });
};
