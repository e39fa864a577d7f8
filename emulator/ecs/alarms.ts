import type { Rollout, Service } from './records.js';
import type { EcsState } from './state.js';

const pollMs = 15_000;

const inAlarm = (state: EcsState, names: readonly string[]): string[] =>
  names.filter((name) => state.account.services.cloudwatch.stateOf(name) === 'ALARM');

export const isAnyInAlarm = (state: EcsState, names: readonly string[]): boolean => inAlarm(state, names).length > 0;

/** Checks a rollout's alarms until it ends; the first alarms in state ALARM fail it. */
export const watchAlarms = (state: EcsState, service: Service, rollout: Rollout, onAlarm: (names: string[]) => void): void => {
  state.account.clock.at(
    state.now + pollMs,
    () => {
      if (service.rollout !== rollout) return;
      const names = inAlarm(state, rollout.watchedAlarms);
      if (names.length === 0 || rollout.serviceDeployment.status !== 'IN_PROGRESS') return watchAlarms(state, service, rollout, onAlarm);
      onAlarm(names);
      state.reconcile(service);
    },
    { isBackground: true },
  );
};
