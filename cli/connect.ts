import type { ClientSettings } from '../aws/client-settings.js';
import type { Executions } from '../aws/execution.js';
import { configuredRegion, StackFunctions } from '../aws/stack-functions.js';
import type { QueryError, StackView } from '../core/query/answers.js';
import { api } from '../core/query/api.js';
import { type Asked, explained } from './client-errors.js';
import { CommandError } from './command-error.js';
import type { CommonOptions } from './context.js';
import { exitStatuses } from './exit-status.js';
import type { AnswerTo, StackClient } from './stack-client.js';
import { version } from './version.js';

/** Milliseconds: a network that drops packets answers nothing, and `query` is done or timed out before. */
const timeouts = { connectionTimeout: 10_000, requestTimeout: 70_000, throwOnRequestTimeout: true };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Connects to a deployed stack by the standard AWS configuration. Nothing is requested before the first question, unless the stage has to
 * be found.
 * @throws CommandError without a Region, or if the stage is not given and several stacks, or none, are found
 */
export const connect = async (
  options: CommonOptions,
  environment: Environment,
  { attempts }: { readonly attempts: 1 | 3 } = { attempts: 3 },
): Promise<StackClient> => {
  const profile = options.profile ?? environment.AWS_PROFILE;
  const region = options.region || environment.AWS_REGION || environment.AWS_DEFAULT_REGION || (await regionOf(profile));
  const settings: ClientSettings = {
    region,
    maxAttempts: attempts,
    requestHandler: timeouts,
    customUserAgent: `slipway/${version}`,
    ...(profile && { profile }),
  };
  return clientOf(settings, options.stage ?? (await stageOf(new StackFunctions(settings), settings, environment)));
};

/** The client of a stack whose stage is known. */
export const clientOf = (settings: ClientSettings, stage: string): StackClient => {
  // Only verbs that start something need the client of Step Functions.
  const start: Executions['start'] = async (...execution) =>
    new (await import('../aws/execution.js')).Executions(settings).start(...execution);
  return stackClient({ functions: new StackFunctions(settings), executions: { start }, settings, stage });
};

const regionOf = async (profile: string | undefined): Promise<string> => {
  try {
    return await configuredRegion(profile);
  } catch (error) {
    throw new CommandError('no AWS Region is configured; add --region, such as --region eu-west-1, or set AWS_REGION', {
      status: exitStatuses.usage,
      code: 'NO_REGION',
      cause: error,
    });
  }
};

/** Of the environment, of the slipway.yml here, or of the only stack of the Region. */
const stageOf = async (functions: StackFunctions, { region, profile }: ClientSettings, environment: Environment): Promise<string> => {
  // A file of its own, because esbuild gives `import('yaml')`, which is CommonJS, no named exports.
  const known = environment.SLIPWAY_STAGE || (await (await import('./stage-of-file.js')).stageOfFile());
  if (known) return known;
  const asked: Asked = { action: 'lambda:ListFunctions', resource: 'functions', region, stage: '?', profile };
  const names = await functions.names().catch((error: unknown) => {
    const reason = explained(error, asked);
    if (!(reason instanceof CommandError) || reason.code !== 'ACCESS_DENIED') throw reason;
    throw usage(
      'the stack’s stage is not given, and the credentials may not look for it (lambda:ListFunctions); add --stage, or set SLIPWAY_STAGE',
    );
  });
  const stages = names.flatMap((name) => /^slipway-(.+)-query$/.exec(name)?.[1] ?? []).sort();
  const [only, ...others] = stages;
  if (only === undefined)
    throw new CommandError(`no stack of Slipway is deployed in ${region}; check --region and the account of the credentials`, {
      status: exitStatuses.unreachable,
      code: 'NO_STACK',
    });
  if (others.length > 0)
    throw usage(`there are ${stages.length} stacks in ${region}: ${stages.join(', ')}; add --stage, or set SLIPWAY_STAGE`);
  return only;
};

const usage = (message: string): CommandError => new CommandError(message, { status: exitStatuses.usage, code: 'NO_STAGE' });

type Parts = {
  readonly functions: Pick<StackFunctions, 'invoke'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly settings: ClientSettings;
  readonly stage: string;
};

const stackClient = ({ functions, executions, settings, stage }: Parts): StackClient => {
  const { region, profile } = settings;
  const invoke = async (key: string, input: object): Promise<unknown> => {
    const resource = `slipway-${stage}-${key}`;
    const asked: Asked = { action: 'lambda:InvokeFunction', resource, region, stage, profile };
    const { payload, error } = await functions.invoke(resource, input).catch((thrown: unknown) => {
      throw explained(thrown, asked);
    });
    if (error === undefined) return payload;
    throw new CommandError(`the function ${resource} failed (${error}); its log is /aws/lambda/${resource} in ${region}`, {
      status: exitStatuses.unreachable,
      code: error,
    });
  };
  let machines: StackView['machines'] | undefined;
  const query: StackClient['query'] = async (name, question) => {
    const answer = (await invoke('query', { api: api.current, query: name, ...question })) as AnswerTo<typeof name> | QueryError;
    if ('error' in answer) throw ofQuery(answer);
    machines = answer.stack.machines;
    return answer;
  };
  return {
    stage,
    region,
    settings,
    query,
    invoke: async (name, input) => (await invoke(name, input)) as Awaited<ReturnType<StackClient['invoke']>>,
    start: async (machine, name, input) => {
      const arn = (machines ?? (await query('installation', {})).stack.machines)[machine];
      const asked: Asked = { action: 'states:StartExecution', resource: arn, region, stage, profile };
      const { execution } = await executions.start(arn, name, input).catch((thrown: unknown) => {
        throw explained(thrown, asked);
      });
      return execution;
    },
  };
};

const updates: Partial<Record<QueryError['error']['code'], number>> = {
  API_TOO_OLD: exitStatuses.unreachable,
  API_TOO_NEW: exitStatuses.unreachable,
  THROTTLED: exitStatuses.unreachable,
  UNREADABLE: exitStatuses.unreachable,
};

const ofQuery = ({ error: { code, message, suggestion } }: QueryError): CommandError =>
  new CommandError(suggestion === undefined ? message : `${message} (did you mean ${suggestion}?)`, {
    status: updates[code] ?? exitStatuses.usage,
    code,
  });
