import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { MachineFacts, Read } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { isNamed } from '../sdk-errors.js';
import { read, readEach } from './read.js';

const stepFunctions = clientFor(SFNClient);

const functionArn = /arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?/g;

/** State machines by their ARNs. */
export const readMachines = (
  settings: ClientSettings,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Read<MachineFacts | undefined>>> =>
  readEach(arns, (stateMachineArn) =>
    read('states:DescribeStateMachine', async () => {
      try {
        const {
          name = '',
          status = '',
          definition = '',
        } = await stepFunctions(settings).send(new DescribeStateMachineCommand({ stateMachineArn }));
        return { name, status, functions: [...new Set(definition.match(functionArn) ?? [])] };
      } catch (error) {
        if (isNamed(error, 'StateMachineDoesNotExist')) return undefined;
        throw error;
      }
    }),
  );
