import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import type { EventSourceFacts, FunctionFacts, Read } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { isNamed } from '../sdk-errors.js';
import { allPages, both, read, readEach } from './read.js';

const lambda = clientFor(LambdaClient);

const missing = (error: unknown): undefined => {
  if (isNamed(error, 'ResourceNotFoundException')) return undefined;
  throw error;
};

/** Functions by their names. */
export const readFunctions = (
  settings: ClientSettings,
  names: readonly string[],
): Promise<ReadonlyMap<string, Read<FunctionFacts | undefined>>> =>
  readEach(names, async (name): Promise<Read<FunctionFacts | undefined>> => {
    const client = lambda(settings);
    const FunctionName = name;
    const answered = both(
      await read('lambda:GetFunctionConfiguration', () =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName })).catch(missing),
      ),
      await read('lambda:GetFunctionConcurrency', () => client.send(new GetFunctionConcurrencyCommand({ FunctionName })).catch(missing)),
    );
    if ('unread' in answered) return answered;
    const [configuration, concurrency] = answered.value;
    if (!configuration) return { value: undefined };
    const { State = '', StateReason, LastUpdateStatus = '', LastUpdateStatusReason, Runtime = '' } = configuration;
    return {
      value: {
        name,
        state: State,
        stateReason: StateReason,
        lastUpdate: LastUpdateStatus,
        lastUpdateReason: LastUpdateStatusReason,
        runtime: Runtime,
        reservedConcurrency: concurrency?.ReservedConcurrentExecutions,
      },
    };
  });

/** The event sources of these functions. */
export const readEventSources = (settings: ClientSettings, functionNames: readonly string[]): Promise<Read<readonly EventSourceFacts[]>> =>
  read('lambda:ListEventSourceMappings', async () => {
    const all = await allPages(async (Marker) => {
      const answer = await lambda(settings).send(new ListEventSourceMappingsCommand({ Marker }));
      return { items: answer.EventSourceMappings, next: answer.NextMarker };
    });
    return all
      .map(({ UUID = '', FunctionArn = '', State = '' }) => ({
        id: UUID,
        functionName: /:function:([^:]+)/.exec(FunctionArn)?.[1] ?? '',
        state: State,
      }))
      .filter(({ functionName }) => functionNames.includes(functionName));
  });
