import { CommandError } from '../../cli/command-error.js';
import type { StackClient } from '../../cli/stack-client.js';
import type { Result } from '../../core/result/result.js';
import { explain, head, installation, status } from '../cli/verbs/given.js';

type Answers = { readonly result?: Result; readonly denied?: 'invoke' | 'start'; readonly status?: object };

/** A stack whose service production/web is being deployed, and whose stage production waits for approval. */
export const givenClient = (answers: Answers = {}) => {
  const changes: (readonly [what: string, input: object])[] = [];
  const names: string[] = [];
  const refuse = (what: 'invoke' | 'start') => {
    if (answers.denied === what) throw new CommandError('the credentials may not do it', { code: 'ACCESS_DENIED', status: 77 });
  };
  const client = {
    query: async (name: string, { service }: { readonly service?: string }) => {
      const services = status.services.filter((one) => service === undefined || one.service === service);
      return { ...head, ...{ installation, explain, status: { ...status, services, ...answers.status } }[name] };
    },
    invoke: async (name: string, input: object) => {
      refuse('invoke');
      changes.push([name, input]);
      return answers.result ?? { outcome: 'SUCCEEDED', reason: 'HELD', message: 'done' };
    },
    start: async (machine: 'release' | 'deployment', name: string, input: object) => {
      refuse('start');
      // Step Functions finds an execution of this name.
      if (!names.includes(name)) changes.push([machine, input]);
      names.push(name);
      return `${head.stack.machines[machine].replace(':stateMachine:', ':execution:')}:${name}`;
    },
  } as unknown as Pick<StackClient, 'query' | 'invoke' | 'start'>;
  return { client, changes, names };
};
