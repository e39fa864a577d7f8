import { type DeploymentOf, deployRelease, deployService, type ImageName, imageUri } from '../../core/commands/requests.js';
import { nameOfImage } from '../../core/image/image-reference.js';
import { start } from '../act.js';
import { CommandError } from '../command-error.js';
import { type Asked, confirming } from '../confirm.js';
import type { Context, Verb } from '../context.js';
import { exitStatuses } from '../exit-status.js';
import { parseImage } from '../names.js';
import { type OperatorOptions, operatorOf } from '../operator.js';
import { runsLines } from '../preview.js';
import { explainLines } from '../render/explanation.js';
import type { StackClient } from '../stack-client.js';

type Options = OperatorOptions & {
  /** One service alone, without the gates of its stage. */
  readonly service?: string;
  readonly redeploy?: boolean;
  readonly taskDefinition?: string;
  readonly force?: boolean;
  readonly ignoreWindow?: boolean;
  readonly ignoreScan?: boolean;
  readonly wait?: boolean;
};

const usage = (message: string): CommandError => new CommandError(message, { status: exitStatuses.usage });

type Deployment = { readonly service: string; readonly what: string; readonly of: Exclude<DeploymentOf, { image: string }> | ImageName };

/** What one service is deployed with: exactly one of an image, a revision, and what runs. @throws CommandError */
const deploymentOf = (image: string | undefined, options: Options, service: string): Deployment => {
  const { redeploy, taskDefinition, ignoreWindow, ignoreScan } = options;
  if (ignoreWindow || ignoreScan)
    throw usage('--ignore-window and --ignore-scan are for a release: the deployment of one service waits for no gate');
  if ([image, redeploy, taskDefinition].filter(Boolean).length !== 1)
    throw usage('with --service, deploy takes one of an image, --redeploy and --task-definition');
  if (redeploy) return { service, what: 'what it runs', of: { redeploy } };
  if (taskDefinition !== undefined) return { service, what: taskDefinition, of: { taskDefinition } };
  const parsed = parseImage(image ?? '');
  return { service, what: nameOf(parsed), of: parsed };
};

const deployOne = async (context: Context, { service, what, of }: Deployment, options: Options) => {
  const confirm = confirming(context, 'deploy');
  const client = await context.connect();
  await confirm(async () => ({
    preview: (await client.query('status', { service })).services.flatMap(runsLines),
    question: `Deploy ${what} to ${service}, and to no other service?`,
  }));
  const deployed = 'repository' in of ? { image: await uriOf(client, of) } : of;
  const operator = { force: options.force, ...operatorOf(context.environment, options) };
  return start(context, client, deployService(service, what, deployed, operator), options.wait);
};

const uriOf = async (client: StackClient, image: ImageName): Promise<string> =>
  imageUri((await client.query('installation', {})).stack.machines.deployment, image);

const ignored = ({ force, ignoreWindow, ignoreScan }: Options): string[] => [
  ...(force ? ['--force ignores tags, the age of the image, quarantine and approval in every stage, from the first'] : []),
  ...(ignoreWindow ? ['--ignore-window ignores windows and freezes'] : []),
  ...(ignoreScan ? ['--ignore-scan ignores the scan of the image'] : []),
];

/**
 * The input of a release takes a tag or a digest: a tag with its digest is that of the tag, which must name the digest.
 * @throws CommandError if there is no such image, or the tag names another digest
 */
const askedOfRelease = async (context: Context, client: StackClient, image: ImageName, options: Options): Promise<Asked> => {
  const { repository, tag, digest } = image;
  const subject = tag === undefined ? { digest: digest ?? '' } : { tag };
  const answer = await client.query('explain', { repository, ...subject, byHand: true });
  const name = nameOf({ repository, ...subject });
  const named = answer.image?.digest;
  if (named === undefined) throw usage(`no image ${name} is in the registry of the stack`);
  if (digest !== undefined && named !== digest)
    throw new CommandError(`${name} names ${named} now, not ${digest}`, { status: exitStatuses.notDeployed });
  const { width, colors } = context.terminal;
  const style = { width, colors, now: context.now() };
  return {
    preview: [...explainLines(answer, nameOf(image), style), ...ignored(options)],
    question: `Start a release of ${nameOf(image)}?`,
  };
};

const nameOf = (image: ImageName): string => nameOfImage({ tag: undefined, digest: undefined, ...image });

const deployAll = async (context: Context, image: ImageName, options: Options) => {
  const confirm = confirming(context, 'deploy');
  const client = await context.connect();
  const asked = await askedOfRelease(context, client, image, options);
  await confirm(async () => asked);
  const { force, ignoreWindow, ignoreScan, wait } = options;
  const operator = { force, ignoreWindow, ignoreScan, ...operatorOf(context.environment, options) };
  return start(context, client, deployRelease(image, operator), wait);
};

export const run: Verb<[image?: string], Options> = async (context, [image], options) => {
  const { service, redeploy, taskDefinition } = options;
  if (service !== undefined) return deployOne(context, deploymentOf(image, options, service), options);
  if (redeploy || taskDefinition !== undefined) throw usage('--redeploy and --task-definition are for one service: add --service');
  if (image === undefined) throw usage('deploy takes an image, as in my-learn-app:v1.4.2');
  return deployAll(context, parseImage(image), options);
};
