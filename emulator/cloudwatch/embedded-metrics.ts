import type { Metric } from './metrics.js';

type Directive = {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
};

/**
 * The metrics in a line of a log (AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification). None if
 * the line is not of this format: CloudWatch drops what it cannot read.
 */
export const embeddedMetrics = (line: string): { readonly metric: Metric; readonly values: readonly number[] }[] => {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  try {
    const members = JSON.parse(line) as Record<string, unknown> & { _aws: { CloudWatchMetrics: readonly Directive[] } };
    return members._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name }) =>
        Dimensions.map((names) => ({
          metric: { namespace: Namespace, name: Name, dimensions: Object.fromEntries(names.map((name) => [name, String(members[name])])) },
          values: [members[Name]].flat().filter((value) => typeof value === 'number'),
        })),
      ),
    );
  } catch {
    return [];
  }
};
