import type { InstallationAnswer } from '../query/answers.js';

type Configured = Pick<InstallationAnswer, 'repositories'>;
type StageView = InstallationAnswer['repositories'][number]['stages'][number];

/** A service, or a repository in one stage or in all. */
export type Target = { readonly service: string } | { readonly repository: string; readonly stage?: string | undefined };

/** The stages that a rollback or a cancel of a target reaches. */
export const stagesOf = ({ repositories }: Configured, target: Target): readonly StageView[] => {
  const stages = (name?: string) =>
    repositories.filter(({ repository }) => name === undefined || repository === name).flatMap((one) => one.stages);
  if ('service' in target) return stages().filter(({ services }) => services.some(({ service }) => service === target.service));
  return stages(target.repository).filter(({ name }) => target.stage === undefined || name === target.stage);
};

/** The name that an operator has to type before a target is rolled back or cancelled, if it is production. */
export const nameToType = (installation: Configured, target: Target): string | undefined => {
  if (!stagesOf(installation, target).some(({ isProduction }) => isProduction)) return undefined;
  return 'service' in target ? target.service : (target.stage ?? target.repository);
};
