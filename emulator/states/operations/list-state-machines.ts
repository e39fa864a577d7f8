import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';
import { pageOf } from './pages.js';

type Input = { readonly maxResults?: number; readonly nextToken?: string };

type Listed = { readonly stateMachineArn: string; readonly name: string; readonly type: string; readonly creationDate: Date };
type Output = { readonly stateMachines: readonly Listed[]; readonly nextToken?: string };

export const listStateMachines = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'ListStateMachines',
    input: { maxResults: 'number', nextToken: 'string' },
    run: (input) => {
      const machines = [...store.machines.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      const { page, nextToken } = pageOf(machines, input);
      return {
        stateMachines: page.map(({ arn, name, creationDate }) => ({ stateMachineArn: arn, name, type: 'STANDARD', creationDate })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },
  });
