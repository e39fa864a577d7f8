import type { InstallationAnswer } from '../../core/query/answers.js';
import { start } from '../act.js';
import { CommandError } from '../command-error.js';
import { type Asked, confirming } from '../confirm.js';
import type { Verb } from '../context.js';
import { exitStatuses } from '../exit-status.js';
import { type NameOptions, resolveName, type Subject } from '../names.js';
import { type OperatorOptions, operatorOf } from '../operator.js';
import { runsLines } from '../preview.js';
import type { StackClient } from '../stack-client.js';

type Options = OperatorOptions &
  NameOptions & {
    /** Of a service that several repositories deploy: the one whose image is rolled back. */
    readonly source?: string;
    /** Of a repository: the execution of the release that is rolled back. */
    readonly release?: string;
    readonly wait?: boolean;
  };

const stagesOf = ({ repositories }: InstallationAnswer, name?: string) =>
  repositories.filter(({ repository }) => name === undefined || repository === name).flatMap(({ stages }) => stages);

/** The name to type, if what is rolled back is production. */
const nameToType = (installation: InstallationAnswer, subject: Subject, stage: string | undefined): { readonly name?: string } => {
  const name = 'service' in subject ? subject.service : (stage ?? subject.repository);
  const stages =
    'service' in subject
      ? stagesOf(installation).filter(({ services }) => services.some(({ service }) => service === subject.service))
      : stagesOf(installation, subject.repository).filter((one) => stage === undefined || one.name === stage);
  return stages.some(({ isProduction }) => isProduction) ? { name } : {};
};

type Target = { readonly subject: Subject; readonly stage: string | undefined; readonly release: string | undefined };

const asked = async (client: StackClient, { subject, stage, release }: Target): Promise<Asked> => {
  const [installation, { services }] = [await client.query('installation', {}), await client.query('status', subject)];
  const name = nameToType(installation, subject, stage);
  if ('service' in subject)
    return {
      preview: services.flatMap(runsLines),
      question: `Roll ${subject.service} back to the newest known good image that is older than what runs?`,
      ...name,
    };
  const inStage = stagesOf(installation, subject.repository)
    .find((one) => one.name === stage)
    ?.services.map(({ service }) => service);
  const what = release === undefined ? `the last release of ${subject.repository} that changed a service` : `the release ${release}`;
  return {
    preview: services.filter(({ service }) => inStage?.includes(service) ?? true).flatMap(runsLines),
    question: `Roll back ${what}, in ${stage ?? 'all of its stages'}?`,
    ...name,
  };
};

/** A stage and --release are of a repository, --source is of a service; without them slipway.yml decides what the name is. */
const subjectOf = async (client: StackClient, name: string, stage: string | undefined, options: Options): Promise<Subject> => {
  const isOfRepository = options.repository || stage !== undefined || options.release !== undefined;
  const isOfService = options.service || options.source !== undefined;
  if (isOfRepository && isOfService)
    throw new CommandError('a stage and --release are for the rollback of a release, --source is for that of a service: not both', {
      status: exitStatuses.usage,
    });
  if (isOfRepository) return { repository: name };
  return isOfService ? { service: name } : resolveName(name, await client.query('installation', {}));
};

export const run: Verb<[name: string, stage?: string], Options> = async (context, [name, stage], options) => {
  const confirm = confirming(context, 'rollback');
  const client = await context.connect();
  const { source, release, wait } = options;
  const subject = await subjectOf(client, name, stage, options);
  await confirm(() => asked(client, { subject, stage, release }));
  const operator = operatorOf(context.environment, options);
  if ('service' in subject) {
    const input = { ...subject, rollback: true, ...(source !== undefined && { repository: source }), ...operator };
    return start(context, client, { machine: 'deployment', words: ['rollback', subject.service], input, wait });
  }
  const of = { ...(stage !== undefined && { stage }), ...(release !== undefined && { release }) };
  const input = { ...subject, rollback: true, ...of, ...operator };
  return start(context, client, { machine: 'release', words: ['rollback', subject.repository, stage ?? ''], input, wait });
};
