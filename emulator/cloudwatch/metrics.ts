import type { AlarmSettings } from './alarm.js';

/** What identifies a metric: AWS keeps one for each set of dimensions. */
export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
};

/** The values of one minute: the standard resolution. */
type Minute = { sum: number; count: number; maximum: number; minimum: number };

const statistics: Readonly<Record<string, (minutes: readonly Minute[]) => number>> = {
  Sum: (minutes) => minutes.reduce((sum, minute) => sum + minute.sum, 0),
  SampleCount: (minutes) => minutes.reduce((sum, minute) => sum + minute.count, 0),
  Maximum: (minutes) => Math.max(...minutes.map(({ maximum }) => maximum)),
  Minimum: (minutes) => Math.min(...minutes.map(({ minimum }) => minimum)),
  Average: (minutes) => statisticOf('Sum', minutes) / statisticOf('SampleCount', minutes),
};

const statisticOf = (name: string, minutes: readonly Minute[]): number => (statistics[name] ?? statistics.Average)?.(minutes) ?? Number.NaN;

const keyOf = ({ namespace, name, dimensions }: Metric): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1))]);

const minuteOf = (time: number): number => Math.floor(time / 60_000);

/** The metric that an alarm watches. */
export const metricOf = ({ Namespace = '', MetricName = '', Dimensions = [] }: AlarmSettings): Metric => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
});

/** The account's metrics, by the minute. */
export class Metrics {
  readonly #metrics = new Map<string, Map<number, Minute>>();
  readonly #namespaces = new Set<string>();

  /** Whether anything here writes metrics of the namespace. */
  hasNamespace(namespace: string): boolean {
    return this.#namespaces.has(namespace);
  }

  /** Adds a value. A `gauge` replaces what was measured in the same minute: SQS measures once a minute. */
  put(metric: Metric, value: number, time: number, { isGauge = false } = {}): void {
    this.#namespaces.add(metric.namespace);
    const key = keyOf(metric);
    const minutes = this.#metrics.get(key) ?? new Map<number, Minute>();
    this.#metrics.set(key, minutes);
    const minute = isGauge ? undefined : minutes.get(minuteOf(time));
    minutes.set(minuteOf(time), {
      sum: (minute?.sum ?? 0) + value,
      count: (minute?.count ?? 0) + 1,
      maximum: Math.max(minute?.maximum ?? value, value),
      minimum: Math.min(minute?.minimum ?? value, value),
    });
  }

  /** The statistic of each of the last periods, the newest first; undefined for a period without values. `period` is in seconds. */
  periods(metric: Metric, { statistic, period, count }: { statistic: string; period: number; count: number }, now: number) {
    const minutes = this.#metrics.get(keyOf(metric));
    const width = Math.max(1, period / 60);
    return Array.from({ length: count }, (_, index): number | undefined => {
      const end = minuteOf(now) - index * width;
      const found = Array.from({ length: width }, (_, back) => minutes?.get(end - back)).filter((minute) => minute !== undefined);
      return found.length === 0 ? undefined : statisticOf(statistic, found);
    });
  }
}
