import type { DeploymentSummary, Head, InProgress, InstallationAnswer, Status } from '../../core/query/answers.js';
import type { Me, SourceImage } from '../api.js';
import type { EcsCounts, TaskStates } from './moving-tasks.js';

/** What the poller reads: of the stack by its function `query`, and of AWS with the operator's own credentials. */
export type PageReads = {
  readonly installation: () => Promise<Head & InstallationAnswer>;
  /** Of all services, or of some. */
  readonly status: (question: { readonly services?: readonly string[]; readonly last: boolean }) => Promise<Head & Status>;
  readonly progress: () => Promise<Head & InProgress>;
  /** The newest deployments of a service. */
  readonly deployments: (service: string) => Promise<readonly DeploymentSummary[]>;
  /** At most ten services of one cluster: one DescribeServices. Those that exist. */
  readonly counts: (services: readonly string[]) => Promise<ReadonlyMap<string, EcsCounts>>;
  /** Images of ECR that a revision names, by its ARN: one DescribeTaskDefinition. */
  readonly images: (taskDefinition: string) => Promise<readonly SourceImage[]>;
  /** Undefined if ECS has no such service. ListTasks and DescribeTasks, each for running and for stopped tasks. */
  readonly tasks: (service: string) => Promise<TaskStates | undefined>;
  /** Messages in the stack's dead-letter queues, by the queue's name. */
  readonly lostMessages: () => Promise<ReadonlyMap<string, number>>;
  readonly identity: () => Promise<Me>;
};
