export { compilePattern, type Pattern } from './pattern.js';

export type RuleSpec = {
  readonly name: string;
  readonly arn: string;
  readonly isEnabled: boolean;
  readonly eventPattern?: Readonly<Record<string, unknown>>;
  readonly scheduleExpression?: string;
  readonly targets: readonly {
    readonly id: string;
    readonly arn: string;
    readonly roleArn?: string;
    readonly input?: string;
    readonly deadLetterArn?: string;
    readonly maximumRetryAttempts: number;
    readonly maximumEventAgeSeconds: number;
  }[];
};

/** An event on the default bus, as targets get it. */
export type BusEvent = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
};

export type Events = {
  putRule(rule: RuleSpec): void;
  /** Emits an event of an AWS service. */
  emit(event: Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>): void;
  /** Puts a complete event on the bus, such as a sample file. */
  put(event: BusEvent): void;
};
