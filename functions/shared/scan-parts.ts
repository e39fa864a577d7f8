import type { ImageContents } from '../../aws/image-content.js';
import { type Configuration, findService } from '../../core/configuration/configuration.js';
import { partsOf } from '../../core/preflight/image-parts.js';
import { mayRunOn, type Platform, platformName } from '../../core/preflight/platform.js';
import type { Image } from '../../core/records/records.js';
import type { ScannedPart } from '../../core/scan/image-scan.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import type { PreflightDeps } from './preflight.js';
import { Reads } from './preflight-reads.js';
import { checkService } from './preflight-service.js';

type Deps = Pick<PreflightDeps, 'services' | 'taskDefinitions'> & { readonly content: Pick<ImageContents, 'manifests'> };

/** An image, and the services that it is for. */
export type PartsToScan = {
  readonly image: Image;
  readonly services: readonly string[];
  readonly configuration: Configuration;
  /** As of a check of a stage. */
  readonly look: string;
};

/**
 * The manifests whose scans count: the image itself or, of an index, the members that the services may run. Basic scanning refuses indexes
 * (aws/containers-roadmap#1683). Empty if no service can run a member: the checks of the stage say so.
 */
export const scannedParts = async (deps: Deps, asked: PartsToScan): Promise<readonly ScannedPart[]> => {
  const { repository, digest } = asked.image;
  const manifest = (await deps.content.manifests(repository, [digest])).get(digest);
  if (manifest?.manifests === undefined) return [{ digest }];
  const hosts = await platformsOf(deps, asked);
  return partsOf(digest, manifest, new Map(), {})
    .filter(({ platform }) => hosts.some((host) => mayRunOn(platform, host)))
    .map(({ digest: member, platform }) => ({ digest: member, platform: platformName(platform) }));
};

/** What the tasks of the services run on; a service of which that is not known may run any platform. */
const platformsOf = async (
  { services, taskDefinitions: { active, describeIn } }: Deps,
  { image, services: names, configuration, look }: PartsToScan,
): Promise<readonly Platform[]> => {
  const settings = names.flatMap((service) => findService(configuration, service, image.repository)?.service ?? []);
  const reads = new Reads();
  const described = await reads.allowed('ecs:DescribeServices', () => services.describe(settings.map(({ service }) => service)), undefined);
  const deps = { configuration, beforeTask: undefined, taskDefinitions: { active, describe: describeIn(look) } };
  return mapInBatches(
    settings,
    async (one): Promise<Platform> => {
      const checked = described && (await checkService(deps, reads, image, one, described.get(one.service)));
      return checked?.host?.platform ?? {};
    },
    (_, error) => {
      throw error;
    },
  );
};
