import { aws, deployStack, type Where } from './commands.js';
import type { EventSourceFacts, FunctionFacts, Read } from './facts.js';
import { type Found, found, notChecked } from './finding.js';
import * as messages from './messages.js';

const versionOf = (runtime: string): number => Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1] ?? Number.NaN);

/** The runtime for which the functions are packaged (serverless.yml), or a later one. */
const runtime = 'nodejs24.x';

/** One function of the stack. */
export const functionFindings = (where: Where, name: string, read: Read<FunctionFacts | undefined>): Found[] => {
  if ('unread' in read) return [notChecked(name, read.unread)];
  const facts = read.value;
  const deploy = { command: deployStack(where), explains: [name] };
  if (!facts) return [found('FUNCTION_MISSING', 'error', name, messages.resourceMissing(), deploy)];
  const findings: Found[] = [];
  // A function that is Inactive becomes active when it is invoked (Lambda Developer Guide, "Lambda function states").
  if (facts.state === 'Failed')
    findings.push(found('FUNCTION_NOT_ACTIVE', 'error', name, messages.functionFailed(facts.stateReason), deploy));
  if (facts.lastUpdate === 'Failed')
    findings.push(found('FUNCTION_NOT_UPDATED', 'error', name, messages.functionNotUpdated(facts.lastUpdateReason), deploy));
  if (facts.reservedConcurrency === 0)
    findings.push(
      found('FUNCTION_THROTTLED', 'error', name, messages.functionThrottled(), {
        command: aws(where, 'lambda', 'delete-function-concurrency', '--function-name', name),
        explains: [name],
      }),
    );
  if (!(versionOf(facts.runtime) >= versionOf(runtime)))
    findings.push(found('FUNCTION_RUNTIME', 'warning', name, messages.functionRuntime(facts.runtime, runtime), deploy));
  return findings;
};

/** What feeds functions from queues. `queues` are the names of the stack's queues: an alarm of theirs says nothing more. */
export const eventSourceFindings = (where: Where, read: Read<readonly EventSourceFacts[]>, queues: readonly string[]): Found[] => {
  if ('unread' in read) return [notChecked('event sources', read.unread)];
  return read.value
    .filter(({ state }) => state === 'Disabled' || state === 'Disabling')
    .map(({ id, functionName }) =>
      found('EVENT_SOURCE_DISABLED', 'error', functionName, messages.eventSourceDisabled(), {
        command: aws(where, 'lambda', 'update-event-source-mapping', '--uuid', id, '--enabled'),
        explains: queues,
      }),
    );
};
