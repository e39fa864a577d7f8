import type { ImageScans } from '../../aws/image-scans.js';
import type { Scan } from '../../core/configuration/configuration.js';
import { imageName } from '../../core/image/image-name.js';
import * as messages from '../../core/scan/messages.js';
import { decideByScans, type ScanDecision } from '../../core/scan/scan-decision.js';
import type { PreflightDeps } from './preflight.js';
import { scansOf } from './scan-gate.js';
import { type PartsToScan, scannedParts } from './scan-parts.js';

/** What a release of the image would do now at the gate by its scan: `settings` are those of slipway.yml. */
export type ScanForecast = { readonly settings: Scan; readonly action: ScanDecision['action']; readonly message: string };

export const scanForecast = async (
  deps: PreflightDeps & { readonly scans: Pick<ImageScans, 'of'> },
  settings: Scan,
  asked: PartsToScan,
): Promise<ScanForecast> => {
  const { repository, tag, digest } = asked.image;
  const parts = await scansOf(deps.scans, repository, await scannedParts(deps, asked));
  const decision = decideByScans(parts, { image: imageName(repository, tag, digest), settings, isOver: false });
  return { settings, action: decision.action, message: messageOf(decision, settings) };
};

const messageOf = (decision: ScanDecision, { block, waitSeconds }: Scan): string => {
  if (decision.action === 'end') return decision.result.message;
  if (decision.action === 'wait') return messages.scanPending(decision.pending.length, waitSeconds);
  return decision.warnings.length > 0 ? decision.warnings.join('; ') : messages.scanPasses(block);
};
