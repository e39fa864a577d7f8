import { Images } from '../aws/image.js';
import { deploymentName, Ledger } from '../aws/ledger.js';
import type { Configuration } from '../core/configuration.js';
import { type OpenDeploymentOutput, StartInput, unfinished } from '../core/contracts.js';
import { type ImageReference, shortDigest } from '../core/image-reference.js';
import type { Image } from '../core/records.js';
import { Refusal } from '../core/refusal.js';
import { settingsOf } from '../core/service-settings.js';
import { type DeploymentStart, parseDeploymentStart, refuseForeignImage } from '../core/start.js';
import { variable } from './environment.js';
import { lambdaHandler, task } from './task.js';

type Deps = {
  readonly configuration: Configuration;
  readonly images: Pick<Images, 'find'>;
  readonly ledger: Pick<Ledger, 'open' | 'release'>;
};

/** Task state `OpenDeployment`: understands the input, finds the image, opens the history record. */
export const openDeployment =
  ({ configuration, images, ledger }: Deps) =>
  async ({ input, execution, startedAt }: StartInput): Promise<OpenDeploymentOutput> => {
    const opened = { service: '', record: '', release: '' };
    try {
      const start = parseDeploymentStart(input);
      const { service, image, trigger, release } = start;
      const { stage } = settingsOf(configuration, service, image.repository);
      refuseForeignImage(image, execution);
      Object.assign(opened, { service, record: deploymentName(service, startedAt, execution), release });
      const context = release === '' ? { trigger } : { trigger: (await ledger.release(release)).trigger, release };
      // The record comes last and whole: where something fails before it, none is left open.
      const found = await resolve(start, { images, ledger });
      await ledger.open(opened.record, { service, stage, execution, startedAt, open: 'yes', ...context, ...(found && { image: found }) });
      if (!found) throw missing(image);
      return { next: 'go', ...opened, ending: unfinished };
    } catch (error) {
      if (error instanceof Refusal) return { next: 'end', ...opened, ending: error.ending };
      throw error;
    }
  };

/** The image that the release has resolved already, or what the registry says now. */
const resolve = async (
  { image, release }: DeploymentStart,
  { images, ledger }: Pick<Deps, 'images' | 'ledger'>,
): Promise<Image | undefined> => {
  const { registry, repository, tag, digest } = image;
  const known = release === '' ? undefined : (await ledger.release(release)).image;
  if (known?.digest === digest && known?.repository === repository) return known;
  const found = await images.find(registry, repository, { tag, digest });
  return found && { ...found, ...(tag !== undefined && { tag }) };
};

const missing = ({ registry, repository, tag, digest }: ImageReference): Refusal =>
  new Refusal(
    `image ${repository}${tag ? `:${tag}` : ''}${digest ? `@${shortDigest(digest)}` : ''} is not in ${registry}; push it first, or check its tag`,
  );

export const step = task('OpenDeployment', StartInput, (environment) =>
  openDeployment({
    configuration: environment.configuration,
    images: new Images(environment.clients),
    ledger: new Ledger(environment.clients, variable(environment, 'TABLE_NAME')),
  }),
);
export const handler = lambdaHandler(step);
