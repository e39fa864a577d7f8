import * as v from 'valibot';
import { isTransient, TransientAwsError } from '../../aws/sdk-errors.js';
import { UnreadableState } from '../../core/lease/service-state.js';
import { locationOf } from '../../core/notification/console-link.js';
import type { Answered, QueryError, StackView } from '../../core/query/answers.js';
import { api } from '../../core/query/api.js';
import { installationOf } from '../../core/query/installation.js';
import * as messages from '../../core/query/messages.js';
import { parseQueryRequest } from '../../core/query/parse-request.js';
import { RefusedQuery } from '../../core/query/refused-query.js';
import type { QueryRequest } from '../../core/query/request.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { deployment } from '../query/deployment.js';
import { explained } from '../query/explain.js';
import { history } from '../query/history.js';
import { log } from '../query/log.js';
import { queryPermissions } from '../query/permissions.js';
import { progress } from '../query/progress.js';
import { type Asked, type Reads, readsOf } from '../query/reads.js';
import { release } from '../query/release.js';
import { status } from '../query/status.js';
import { defineStep } from '../runtime/define-step.js';
import { type Environment, variable } from '../runtime/environment.js';
import { atPackaging } from '../runtime/permissions.js';
import { type PlanDeps, plan, planPermissions, planWith } from '../shared/plan.js';

type Deps = { readonly stack: StackView; readonly reads: Reads; readonly plan: PlanDeps; readonly now: () => Date };

/** Function `query`: what runs, what ran, and what a push would do. It reads, and changes nothing; input that is wrong is answered. */
export const query =
  (deps: Deps) =>
  async (input: unknown): Promise<Answered<object> | QueryError> => {
    const now = deps.now().toISOString();
    try {
      const answer = await answerTo(deps, { ...deps.reads, now }, parseQueryRequest(input));
      return { api: api.current, at: now, stack: deps.stack, ...answer };
    } catch (error) {
      return { api: api.current, error: refusalFor(error) };
    }
  };

const answerTo = async (deps: Deps, asked: Asked, request: QueryRequest): Promise<object> => {
  switch (request.query) {
    case 'installation':
      return installationOf(asked.configuration);
    case 'status':
      return status(asked, request);
    case 'progress':
      return progress(asked);
    case 'history':
      return history(asked, request);
    case 'release':
      return release(asked, request);
    case 'deployment':
      return deployment(asked, request);
    case 'explain':
      return explained(asked, request);
    case 'plan':
      return { plan: await plan(deps.plan)(request) };
    case 'log':
      return log(asked, request);
  }
};

/** @throws any other error: one that no caller could do anything about */
const refusalFor = (error: unknown): QueryError['error'] => {
  if (error instanceof RefusedQuery) {
    const { code, message, suggestion } = error;
    return { code, message, ...(suggestion !== undefined && { suggestion }) };
  }
  if (error instanceof UnreadableState) return { code: 'UNREADABLE', message: error.message };
  if (error instanceof RejectedInput) return { code: 'INVALID_INPUT', message: error.message };
  if (isTransient(error) || error instanceof TransientAwsError)
    return { code: 'THROTTLED', message: messages.throttled(error instanceof Error ? error.name : '') };
  throw error;
};

const stackIn = (environment: Environment): StackView => {
  const [release, deployment] = [variable(environment, 'RELEASE_MACHINE_ARN'), variable(environment, 'DEPLOYMENT_MACHINE_ARN')];
  const { account, region } = locationOf(release);
  return {
    stage: variable(environment, 'STAGE'),
    account,
    region,
    version: variable(environment, 'SLIPWAY_VERSION'),
    machines: { release, deployment },
  };
};

export const { step, handler } = defineStep({
  name: 'Query',
  input: v.unknown(),
  permissions: atPackaging([...(planPermissions ?? []), ...(queryPermissions ?? [])]),
  logsAnswer: false,
  run: (environment) =>
    query({ stack: stackIn(environment), reads: readsOf(environment), plan: planWith(environment), now: environment.now }),
});
