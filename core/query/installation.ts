import type { Configuration, Repository, Service, Stage } from '../configuration/configuration.js';
import { schema } from '../records/records.js';
import type { InstallationAnswer } from './answers.js';

type RepositoryView = InstallationAnswer['repositories'][number];
type StageOfRepository = RepositoryView['stages'][number];

/** What slipway.yml says, as far as it is shown: no environment of a before task, no key, no role. */
export const installationOf = ({ repositories, notifications, reconcileSeconds }: Configuration): InstallationAnswer => {
  const { slack, email = [], sns } = notifications;
  return {
    schema,
    ...(reconcileSeconds !== undefined && { reconcileSeconds }),
    notifications: { ...(slack && { slackSecret: slack.secret }), email, sns },
    repositories: Object.values(repositories).map(repositoryView),
  };
};

const repositoryView = (repository: Repository): RepositoryView => ({
  repository: repository.name,
  tags: repository.tags,
  hasScan: repository.scan !== undefined,
  stages: repository.stages.map((stage) => stageView(repository, stage)),
});

const stageView = (repository: Repository, stage: Stage): StageOfRepository => ({
  name: stage.name,
  ...(stage.tags && { tags: stage.tags }),
  ...(stage.requires !== undefined && { requires: stage.requires }),
  hasApproval: stage.approval !== undefined,
  hasWindow: hasWindow(stage),
  isProduction: isProduction(repository, stage),
  ...(stage.onFailure === 'rollBackAll' && { onFailure: stage.onFailure }),
  ...(stage.before !== undefined && { hasBeforeTask: true }),
  services: stage.services.map(serviceView),
});

const hasWindow = ({ window, freeze }: Stage): boolean => window !== undefined || freeze !== undefined;

/** What people call production: the last stage of several, and one with approval or a window. */
export const isProduction = ({ stages }: Repository, stage: Stage): boolean =>
  (stages.length > 1 && stage === stages.at(-1)) || stage.approval !== undefined || hasWindow(stage);

const serviceView = ({
  service,
  container,
  timeoutSeconds,
  maxFailedTasks,
  before,
  verify,
}: Service): StageOfRepository['services'][number] => ({
  service,
  ...(container !== undefined && { container }),
  timeoutSeconds,
  alarms: verify?.alarms ?? [],
  hasBeforeTask: before !== undefined,
  ...(verify !== undefined && { hasVerification: true }),
  ...(maxFailedTasks !== undefined && { maxFailedTasks }),
});
