import { type Operation, operation } from '../../operation.js';
import type { HistoryEvent } from '../interpreter/history.js';
import type { Store } from '../store.js';
import { pageOf } from './pages.js';

type Input = {
  readonly executionArn: string;
  readonly maxResults?: number;
  readonly reverseOrder?: boolean;
  readonly nextToken?: string;
  readonly includeExecutionData?: boolean;
};

type Output = { readonly events: readonly HistoryEvent[]; readonly nextToken?: string };

const data = new Set(['input', 'inputDetails', 'output', 'outputDetails', 'assignedVariables', 'assignedVariablesDetails']);

const withoutData = (event: HistoryEvent): HistoryEvent =>
  Object.fromEntries(
    Object.entries(event).map(([name, value]) => [
      name,
      name.endsWith('EventDetails') ? Object.fromEntries(Object.entries(value as object).filter(([member]) => !data.has(member))) : value,
    ]),
  ) as HistoryEvent;

export const getExecutionHistory = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'GetExecutionHistory',
    input: { executionArn: 'string', maxResults: 'number', reverseOrder: 'boolean', nextToken: 'string', includeExecutionData: 'boolean' },
    required: ['executionArn'],
    rateLimit: { name: 'states.GetExecutionHistory', burst: 400, perSecond: 20 },
    permissions: ({ executionArn }) => [{ action: 'states:GetExecutionHistory', resource: executionArn }],
    run: ({ executionArn, reverseOrder = false, includeExecutionData = true, ...paging }) => {
      const { events } = store.execution(executionArn).history;
      const { page, nextToken } = pageOf(reverseOrder ? [...events].reverse() : events, paging);
      return {
        events: includeExecutionData ? page : page.map(withoutData),
        ...(nextToken !== undefined && { nextToken }),
      };
    },
  });
