import { nameToType, stagesOf } from '../../core/commands/name-to-type.js';
import { rollBackRelease, rollBackService } from '../../core/commands/requests.js';
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

type Target = { readonly subject: Subject; readonly stage: string | undefined; readonly release: string | undefined };

const asked = async (client: StackClient, { subject, stage, release }: Target): Promise<Asked> => {
  const [installation, { services }] = [await client.query('installation', {}), await client.query('status', subject)];
  const name = nameToType(installation, 'service' in subject ? subject : { ...subject, stage });
  if ('service' in subject)
    return {
      preview: services.flatMap(runsLines),
      question: `Roll ${subject.service} back to the newest known good image that is older than what runs?`,
      ...(name !== undefined && { name }),
    };
  const inStages = stagesOf(installation, { ...subject, stage }).flatMap((one) => one.services.map(({ service }) => service));
  const what = release === undefined ? `the last release of ${subject.repository} that changed a service` : `the release ${release}`;
  return {
    preview: services.filter(({ service }) => inStages.includes(service)).flatMap(runsLines),
    question: `Roll back ${what}, in ${stage ?? 'all of its stages'}?`,
    ...(name !== undefined && { name }),
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
  if ('service' in subject) return start(context, client, rollBackService(subject.service, source, operator), wait);
  return start(context, client, rollBackRelease(subject.repository, { stage, release }, operator), wait);
};
