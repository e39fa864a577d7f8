import { ECRClient, PutImageScanningConfigurationCommand, PutRegistryScanningConfigurationCommand } from '@aws-sdk/client-ecr';
import type { ScanStatus, Vulnerability } from '../../emulator/ecr/scan-outcome.js';
import { hooked } from './hooked.js';
import { givenPipeline, type Pipeline, type PipelineOptions, repository } from './pipeline.js';

/** How the scan of an image ends, in the annotations of its manifest. */
export type Scanned = { readonly status?: ScanStatus; readonly findings?: readonly Vulnerability[] };

export const critical: Vulnerability = {
  name: 'CVE-2026-1234',
  severity: 'CRITICAL',
  package: 'openssl',
  version: '3.0.7',
  fixedIn: '3.0.9',
};

export const stages = [
  { name: 'staging', services: ['staging/web'] },
  { name: 'production', services: ['production/web', 'production/worker'] },
];

/** Staging, then production, with the gate by the scan of the image; basic scanning scans on push unless `scanType` says otherwise. */
export const givenScans = async (
  scan: object = {},
  { scanType = 'BASIC', ...options }: PipelineOptions & { readonly scanType?: 'BASIC' | 'ENHANCED' | 'none' } = {},
): Promise<Pipeline> => {
  const pipeline = await givenPipeline({ ...options, stack: await hooked({ repository: { scan: { block: 'HIGH', ...scan } }, stages }) });
  if (scanType === 'BASIC') await scanOnPush(pipeline);
  if (scanType === 'ENHANCED') {
    const ecr = new ECRClient(pipeline.emulator.clientConfig());
    const repositoryFilters = [{ filter: '*', filterType: 'WILDCARD' as const }];
    const rules = [{ scanFrequency: 'CONTINUOUS_SCAN' as const, repositoryFilters }];
    await ecr.send(new PutRegistryScanningConfigurationCommand({ scanType, rules }));
  }
  return pipeline;
};

export const scanOnPush = async ({ emulator }: Pipeline): Promise<void> => {
  const imageScanningConfiguration = { scanOnPush: true };
  const ecr = new ECRClient(emulator.clientConfig());
  await ecr.send(new PutImageScanningConfigurationCommand({ repositoryName: repository, imageScanningConfiguration }));
};

let builds = 0;

/** Pushes an image with its scan; answers its digest. */
export const pushScanned = (pipeline: Pipeline, tag: string | undefined, { status, findings }: Scanned = {}): Promise<string> =>
  pipeline.putManifest(
    tag,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      annotations: {
        'slipway.behaviour': 'healthy',
        'org.opencontainers.image.revision': `scanned-${++builds}`,
        ...(status && { 'slipway.scan': status }),
        ...(findings && { 'slipway.findings': JSON.stringify(findings) }),
      },
    }),
  );

/** The same for several platforms of Linux, as buildx pushes them; answers the digest of the index. */
export const pushScannedIndex = async (pipeline: Pipeline, tag: string, members: Readonly<Record<string, Scanned>>): Promise<string> => {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifests: object[] = [];
  for (const [architecture, scanned] of Object.entries(members)) {
    const digest = await pushScanned(pipeline, undefined, scanned);
    manifests.push({ mediaType, digest, size: 1, platform: { architecture, os: architecture === 'unknown' ? 'unknown' : 'linux' } });
  }
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests };
  return pipeline.putManifest(tag, JSON.stringify({ ...index, annotations: { 'slipway.behaviour': 'healthy' } }));
};
