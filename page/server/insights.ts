import type { Insights, Month } from '../api.js';
import type { Change } from './changes.js';
import { median, percentile } from './percentile.js';

/** Changes of the stage that is looked at, in the order of their ends. */
export type InsightsOf = {
  readonly at: string;
  readonly changes: readonly Change[];
  readonly months: number;
  readonly isComplete: boolean;
};

const monthOf = (time: string): string => time.slice(0, '2026-11'.length);

/** The last `count` months up to that of `at`, the oldest first. */
const monthsUntil = (at: string, count: number): string[] => {
  const now = new Date(at);
  return Array.from({ length: count }, (_, index) =>
    monthOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (count - 1 - index), 1)).toISOString()),
  );
};

/** Days from Monday to Friday of a month, up to the day of `at` if that is in it; at least one. UTC. */
export const workingDays = (month: string, at: string): number => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const last = month === monthOf(at) ? new Date(at).getUTCDate() : new Date(Date.UTC(year, number, 0)).getUTCDate();
  const weekdays = Array.from({ length: last }, (_, index) => new Date(Date.UTC(year, number - 1, index + 1)).getUTCDay());
  return Math.max(1, weekdays.filter((day) => day !== 0 && day !== 6).length);
};

const monthly = (month: string, changes: readonly Change[], at: string): Month => {
  const own = changes.filter(({ endedAt }) => monthOf(endedAt) === month);
  const deployed = own.filter(({ isDeployed }) => isDeployed);
  const changing = own.filter(({ isChange }) => isChange);
  const lead = median(deployed.flatMap(({ leadSeconds }) => leadSeconds ?? []));
  const restored = changes.flatMap(({ restored }) => (restored && monthOf(restored.at) === month ? [restored.seconds] : []));
  const restore = median(restored);
  return {
    month,
    deployments: deployed.length,
    perWorkingDay: deployed.length / workingDays(month, at),
    ...(lead !== undefined && { leadSeconds: lead }),
    ...(changing.length > 0 && { failureRate: changing.filter(({ hasFailed }) => hasFailed).length / changing.length }),
    ...(restore !== undefined && { restoreSeconds: restore }),
  };
};

const byService = (changes: readonly Change[]): Map<string, Change[]> => {
  const found = new Map<string, Change[]>();
  for (const change of changes) found.set(change.service, [...(found.get(change.service) ?? []), change]);
  return found;
};

const serviceOf = (service: string, changes: readonly Change[], months: readonly string[], at: string): Insights['services'][number] => {
  const durations = changes
    .filter(({ isDeployed, endedAt }) => isDeployed && months.includes(monthOf(endedAt)))
    .map(({ seconds }) => seconds);
  const [p50, p95] = [percentile(durations, 0.5), percentile(durations, 0.95)];
  return {
    service,
    months: months.map((month) => monthly(month, changes, at)),
    ...(p50 !== undefined && { p50 }),
    ...(p95 !== undefined && { p95 }),
  };
};

/** Why changes failed in these months, the most frequent reason first, each with its services. */
const reasonsOf = (changes: readonly Change[]): Insights['reasons'] => {
  const failed = changes.filter(({ hasFailed, isRolledBackLater }) => hasFailed && !isRolledBackLater);
  return [...new Set(failed.map(({ reason }) => reason))]
    .map((reason) => {
      const own = failed.filter((one) => one.reason === reason);
      const services = [...byService(own)].map(([service, { length: count }]) => ({ service, count }));
      return { reason, count: own.length, services: services.sort((one, other) => other.count - one.count) };
    })
    .sort((one, other) => other.count - one.count);
};

/** The four measures by month, as page/definitions.ts defines them, durations of deployments and reasons of failures. */
export const insightsOf = ({ at, changes, months: count, isComplete }: InsightsOf): Insights => {
  const months = monthsUntil(at, count);
  const shown = changes.filter(({ endedAt }) => months.includes(monthOf(endedAt)));
  return {
    at,
    records: shown.length,
    isComplete,
    months: months.map((month) => monthly(month, changes, at)),
    services: [...byService(shown)]
      .map(([service]) =>
        serviceOf(
          service,
          changes.filter((one) => one.service === service),
          months,
          at,
        ),
      )
      .sort((one, other) => (one.service < other.service ? -1 : 1)),
    reasons: reasonsOf(shown),
    problems: [],
  };
};
