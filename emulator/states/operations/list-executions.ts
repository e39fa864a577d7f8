import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';
import { pageOf } from './pages.js';

type Input = {
  readonly stateMachineArn: string;
  readonly statusFilter?: string;
  readonly maxResults?: number;
  readonly nextToken?: string;
};

type Listed = {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: Date;
  readonly stopDate?: Date;
  readonly redriveCount: number;
};
type Output = { readonly executions: readonly Listed[]; readonly nextToken?: string };

/** Newest first. */
export const listExecutions = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'ListExecutions',
    input: { stateMachineArn: 'string', statusFilter: 'string', maxResults: 'number', nextToken: 'string' },
    required: ['stateMachineArn'],
    rateLimit: { name: 'states.ListExecutions', burst: 200, perSecond: 5 },
    permissions: ({ stateMachineArn }) => [{ action: 'states:ListExecutions', resource: stateMachineArn }],
    run: ({ stateMachineArn, statusFilter, ...paging }) => {
      const { arn } = store.machine(stateMachineArn);
      const executions = store.executionsOf(arn).filter(({ status }) => statusFilter === undefined || status === statusFilter);
      const { page, nextToken } = pageOf(executions, paging);
      return {
        executions: page.map(({ arn: executionArn, name, status, startDate, stopDate }) => ({
          executionArn,
          stateMachineArn,
          name,
          status,
          startDate,
          ...(stopDate && { stopDate }),
          redriveCount: 0,
        })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },
  });
