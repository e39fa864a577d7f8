import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { givenPipeline, type Pipeline, type PipelineOptions, type ServiceOptions } from './pipeline.js';

export const minutes = 60_000;
export const web = 'production/web';

type Configuration = NonNullable<ServiceOptions['deploymentConfiguration']>;
export const rolling = { minimumHealthyPercent: 100, maximumPercent: 200 };
/** The breaker trips before Slipway's own count of failed tasks. */
export const quickBreaker = (rollback: boolean): Configuration => ({
  ...rolling,
  deploymentCircuitBreaker: { enable: true, rollback, thresholdConfiguration: { type: 'COUNT', value: 2 } },
});
export const guardedBy = (alarm: string, more: Partial<Configuration> = {}): Configuration => ({
  ...rolling,
  alarms: { alarmNames: [alarm], enable: true, rollback: true },
  ...more,
});

/** One service that runs the first image, while another one is deployed to it by hand. */
export const deploying = async (behaviour: Behaviour, service: ServiceOptions = { tasks: 3 }, options: PipelineOptions = {}) => {
  const pipeline = await givenPipeline({ ...options, services: { [web]: service } });
  const [before = ''] = pipeline.running(web);
  const digest = await pipeline.push('other', behaviour);
  const start = () => pipeline.start('deployment', { service: web, image: pipeline.imageUri('other') });
  return { pipeline, before, digest, start };
};

export const until = (pipeline: Pipeline, type: string, times = 1) =>
  pipeline.account.clock.run({ until: () => pipeline.account.log.of('ecs', type).length >= times });

export const times = (pipeline: Pipeline, type: string): number => pipeline.account.log.of('ecs', type).length;

export const messageOf = (pipeline: Pipeline, arn: string) => pipeline.messages().find(({ id }) => id === arn);

export const setAlarm = async ({ emulator }: Pipeline, AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> => {
  await new CloudWatchClient(emulator.clientConfig()).send(
    new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'for the test' }),
  );
};

export const givenAlarm = async (pipeline: Pipeline, name: string, state: 'OK' | 'ALARM'): Promise<void> => {
  await new CloudWatchClient(pipeline.emulator.clientConfig()).send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      Namespace: 'App',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  await setAlarm(pipeline, name, state);
};
