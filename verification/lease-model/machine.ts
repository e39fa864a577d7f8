import type { Setup } from './setup.js';
import { type Node, none, type State, type Task } from './state.js';
import { invoked, withExecution } from './state-updates.js';
import type { Answer } from './transition.js';
import { canStillAct, left, withoutInvocations, withTokenClosed } from './visits.js';

const waitingNodes: ReadonlySet<Node> = new Set<Node>(['notStarted', 'pause', 'finished']);
const isTask = (node: Node): node is Task => !waitingNodes.has(node);

/** An execution as it enters a node. */
export const entered = (state: State, index: number, { node, result = 'open', isTimed = false }: Answer): State =>
  withExecution(left(state, index), index, {
    node,
    isTimed,
    after: 'finished',
    result: 'open',
    // Only AcquireLease yields to others.
    ...(node !== 'acquire' && { closedBefore: 0 }),
    lambda: isTask(node) ? invoked(node, result) : undefined,
  });

/** The state machine moves on. It waits for a late invocation to end where nothing else keeps that from acting. */
export const advanced = (setup: Setup, state: State, index: number, answer: Answer, isCaught = false): State => {
  if (answer.node === 'finished') return ended(state, index);
  const { node: from } = state.executions[index]!;
  const isSending = from === 'update' || from === 'rollBack';
  const isPaused = isCaught ? isSending || from === 'watch' : isSending && answer.node === 'close';
  if (!isPaused) return entered(state, index, answer);
  const away = left(state, index);
  if (!away.executions[index]!.late || setup.mutations.has('observes without draining')) return entered(away, index, answer);
  const { node: after, result = 'open', isTimed = false } = answer;
  return withExecution(away, index, { node: 'pause', isTimed, after, result });
};

/** The execution's token is answered: it looks again, or rolls back. */
export const answered = (state: State, index: number, how: 'woken' | 'rollBack'): State => {
  const { node } = state.executions[index]!;
  return entered(state, index, how === 'rollBack' ? { node: 'rollBack' } : { node, isTimed: node !== 'acquire' });
};

/** The execution ends. It counts as drained at once if no other actor can see the difference. */
export const ended = (state: State, index: number, isAborted = false): State => {
  const closed = isAborted ? withTokenClosed(state, index) : left(state, index);
  const { lambda } = closed.executions[index]!;
  const after = withExecution(closed, index, {
    node: 'finished',
    isTimed: false,
    after: 'finished',
    liveness: 'draining',
    result: 'open',
    lambda: lambda && canStillAct(lambda) ? { ...lambda, isAwaited: false } : undefined,
  });
  const { item, executions } = after;
  const { lambda: last, late } = executions[index]!;
  const isSeen =
    item.lease === index || item.queue.some(({ execution }) => execution === index) || last !== undefined || late !== undefined;
  return isSeen ? after : removed(after, index);
};

/** The execution can no longer act. A resuming execution that left no trace frees its slot. */
export const removed = (state: State, index: number): State => {
  const isResumer = index >= state.records.length;
  const leftTrace = state.item.lease === index || state.records.some(({ execution }) => execution === index);
  const isFree = isResumer && !leftTrace;
  return withExecution(withoutInvocations(state, index), index, {
    liveness: 'ended',
    node: isFree ? 'notStarted' : 'finished',
    record: isFree ? none : state.executions[index]!.record,
  });
};
