import { emitHookState } from './emit-event.js';
import { publishService } from './publish.js';
import type { HookRun, Rollout, Service } from './records.js';
import type { LifecycleHook } from './settings.js';
import type { EcsState } from './state.js';

const day = 1440;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** As in the guide's example: `ecs-pause-e7tK9G_WRJqNF_EOMjztDXfKenlJuEUVjsNStf4WLKw`. */
const newHookId = (state: EcsState): string =>
  `ecs-pause-${Array.from({ length: 43 }, () => alphabet[state.account.random.between(0, alphabet.length - 1)]).join('')}`;

/** Stages at which a rolling update can be paused; whether hooks run at all for ROLLING is not stated in the guide. */
export type PauseStage = 'PRE_SCALE_UP' | 'POST_SCALE_UP';

const hooksOf = ({ configuration }: Service, stage: PauseStage): LifecycleHook[] =>
  (configuration.lifecycleHooks ?? []).filter(({ lifecycleStages }) => lifecycleStages?.includes(stage));

export const isPausedAt = (service: Service, stage: PauseStage): boolean => hooksOf(service, stage).length > 0;

/** A rollout that was stopped or replaced meanwhile needs no action any more. */
export const isAwaiting = ({ serviceDeployment }: Rollout, run: HookRun): boolean =>
  run.status === 'AWAITING_ACTION' && serviceDeployment.status === 'IN_PROGRESS';

/** What becomes of a rollout after its pause. */
export type AfterPause = { readonly proceed: () => void; readonly rollBack: () => void };

/**
 * Pauses a rollout at a stage until each of its hooks is continued, rolled back or timed out. Source: developer guide, "Pause hooks for
 * Amazon ECS service deployments" (November 2026).
 */
export const pauseAt = (state: EcsState, service: Service, rollout: Rollout, stage: PauseStage, after: AfterPause): void => {
  const { serviceDeployment: record } = rollout;
  const runs = hooksOf(service, stage).map(({ timeoutConfiguration }): HookRun => {
    const { timeoutInMinutes = day, action = 'ROLLBACK' } = timeoutConfiguration ?? {};
    const expiresAt = new Date(state.now + timeoutInMinutes * 60_000);
    return { id: newHookId(state), stage, expiresAt, timeoutAction: action, status: 'AWAITING_ACTION', settle: () => {} };
  });
  for (const run of runs) {
    run.settle = (action, status) => {
      if (!isAwaiting(rollout, run)) return;
      run.status = status;
      emitHookState(state, record, run);
      if (action === 'ROLLBACK') after.rollBack();
      else if (runs.every((other) => other.status !== 'AWAITING_ACTION')) {
        delete record.lifecycleStage;
        after.proceed();
      }
      publishService(state, service);
    };
    state.account.clock.at(run.expiresAt.getTime(), () => run.settle(run.timeoutAction, 'TIMED_OUT'));
  }
  record.lifecycleStage = stage;
  record.hooks.push(...runs);
  publishService(state, service);
  for (const run of runs) emitHookState(state, record, run);
};
