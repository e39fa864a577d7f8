import { parseImage } from '../../cli/names.js';
import { nameToType, stagesOf } from '../../core/commands/name-to-type.js';
import { shortName } from '../../core/image/image-name.js';
import type { Preview } from '../api.js';
import type { Installation } from './command-request.js';
import { count, type Given, holdOf, holdText, line, needed, queueLine, statusOf, taskLine, unreadable } from './preview-lines.js';
import { cancelGate, release } from './preview-release.js';
import { type RollbackTarget, rollbackTarget } from './rollback-target.js';

export const deploy = async ({ client, command, installation, desiredOf }: Given): Promise<Preview> => {
  const { service, image } = command;
  if (service === undefined) return image === undefined ? { lines: [] } : release(client, image);
  const { status, one } = await statusOf(client, service);
  const hold = holdOf(one, status);
  const asked = image === undefined ? undefined : parseImage(image);
  const runs = one.sources.find(({ repository }) => asked === undefined || repository === asked.repository);
  const bad = runs?.quarantine.find(({ digest }) => digest === asked?.digest);
  const isSame = asked?.digest !== undefined && runs?.lastDeployed?.digest === asked.digest;
  return {
    lines: [
      ...(runs?.lastDeployed ? [line('change', `${service} runs ${shortName(runs.lastDeployed)}.`)] : []),
      ...(isSame ? [line('warning', 'It runs this image already: the deployment is skipped.')] : taskLine(desiredOf(service))),
      ...(bad ? [line('quarantine', `This image is in quarantine (${bad.reason}): it is deployed only with force.`)] : []),
      ...(hold ? [line('hold', `The service is ${holdText(hold)}. A start by hand is not stopped by a hold.`)] : []),
      ...queueLine(one),
      ...(hasGates(installation, service)
        ? [line('gate', 'Stages and approvals are not asked. To go through them, start a release instead.')]
        : []),
    ],
    ...unreadable(one),
  };
};

const hasGates = (installation: Installation, service: string): boolean =>
  stagesOf(installation, { service }).some(({ isProduction, requires }) => isProduction || requires !== undefined);

export const redeploy = async ({ client, command, desiredOf }: Given): Promise<Preview> => {
  const service = needed(command.service, 'service');
  const { one } = await statusOf(client, service);
  const runs = one.sources.flatMap(({ lastDeployed }) => (lastDeployed ? [shortName(lastDeployed)] : []));
  return {
    lines: [
      line('change', `${runs.length > 0 ? runs.join(' and ') : 'What runs'} is deployed once more.`),
      ...taskLine(desiredOf(service)),
      ...queueLine(one),
    ],
    ...unreadable(one),
  };
};

/** Where a rollback goes is decided when it has the lease: this is what its state says now. */
export const rollback = async ({ client, command, installation, desiredOf }: Given): Promise<Preview> => {
  const service = needed(command.service, 'service');
  const { status, one } = await statusOf(client, service);
  const hold = holdOf(one, status);
  const goal = rollbackTarget(one.sources, command.repository);
  const confirm = nameToType(installation, { service });
  const runs = goal?.source.lastDeployed;
  return {
    lines: [
      ...(goal ? [line('change', goalText(goal)), ...goal.skipped.map(skippedLine)] : []),
      ...taskLine(desiredOf(service)),
      ...(runs ? [line('quarantine', `${shortName(runs)} is in quarantine on this service until it is deployed with force.`)] : []),
      ...queueLine(one),
      hold
        ? line('hold', `The service is ${holdText(hold)}.`)
        : line('hold', 'The next push deploys again, unless you hold the service too.'),
    ],
    ...(confirm !== undefined && { confirm }),
    ...unreadable(one),
  };
};

const goalText = ({ source: { lastDeployed }, target }: RollbackTarget): string => {
  const from = lastDeployed ? `From ${shortName(lastDeployed)}` : 'From what runs';
  if (target) return `${from} to ${shortName(target)}, the newest known good image that is older. Its revision is ${target.revision}.`;
  return `${from} to the revision that ran before it, if that is known: no older image is known good.`;
};

const skippedLine = (one: { readonly tag?: string; readonly digest: string }) =>
  line('change', `${shortName(one)} is skipped: it is in quarantine.`);

export const hold = async ({ client, command }: Given): Promise<Preview> => {
  const service = needed(command.service, 'service');
  const status = await client.query('status', service === '*' ? {} : { service });
  const present = service === '*' ? status.holdOfAll : status.services.find((one) => one.service === service)?.hold;
  const moving = status.services.filter(({ current }) => current);
  return {
    lines: [
      line('hold', 'Pushes are kept back: the newest of each repository is deployed when the hold is released. Starts by hand go on.'),
      ...(present ? [line('change', `It is ${holdText(present)}; this replaces that hold.`)] : []),
      ...(moving.length > 0 ? [line('warning', `${count(moving.length, 'deployment')} in progress: a hold does not stop what runs.`)] : []),
    ],
  };
};

export const unhold = async ({ client, command }: Given): Promise<Preview> => {
  const service = needed(command.service, 'service');
  const status = await client.query('status', service === '*' ? {} : { service });
  const isHeld = service === '*' ? status.holdOfAll !== undefined : status.services.some((one) => one.hold !== undefined);
  const keptBack = status.services.flatMap(({ service: name, sources }) =>
    sources.flatMap(({ withheld }) => (withheld ? [line('change', `${name} gets ${shortName(withheld)}.`)] : [])),
  );
  const also =
    service !== '*' && status.holdOfAll ? [line('warning', `Every service is ${holdText(status.holdOfAll)}: that goes on.`)] : [];
  return {
    lines:
      keptBack.length > 0 ? [...keptBack, ...also] : [line('hold', 'Nothing was kept back: the next push is deployed again.'), ...also],
    ...(!isHeld && { refused: service === '*' ? 'no hold of every service is set' : `${service} is not on hold` }),
  };
};

export const cancel = async (given: Given): Promise<Preview> => {
  const { client, command, installation } = given;
  if (command.service === undefined) return cancelGate(given);
  const { one } = await statusOf(client, command.service);
  const confirm = nameToType(installation, { service: command.service });
  return {
    lines: [
      ...(one.current?.image
        ? [line('change', `The deployment of ${shortName(one.current.image)} ends, and what it has updated is rolled back.`)]
        : []),
      ...(one.current?.image ? [line('quarantine', `${shortName(one.current.image)} is deployed again only by hand.`)] : []),
    ],
    ...(confirm !== undefined && { confirm }),
    ...(one.current || one.unreadable !== undefined ? {} : { refused: `no deployment of ${command.service} is in progress` }),
  };
};
