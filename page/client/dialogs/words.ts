import type { Command, CommandName } from '../../api.js';
import type { IconName } from '../parts/icon-paths.js';

/** What a dialog says, and whether its button warns. */
export type Words = {
  readonly title: string;
  /** On the button that acts. */
  readonly act: string;
  /** On the one that does not. */
  readonly keep: string;
  readonly icon: IconName;
  readonly isDanger: boolean;
};

/** What a command is about: `production/web`, `production of my-learn-app`, `every service`. */
export const subjectOf = ({ service, repository = '', stage }: Command): string => {
  if (service !== undefined) return service === '*' ? 'every service' : service;
  return stage === undefined ? repository : `${stage} of ${repository}`;
};

const deployed = (image: string | undefined): string => (image === undefined ? 'Deploy' : `Deploy ${nameIn(image)}`);

/** `my-learn-app:main-7@sha256:…` → `main-7`; without a tag the first digits of the digest. */
const nameIn = (image: string): string => {
  const [name = '', digest = ''] = image.split('@');
  const colon = name.lastIndexOf(':');
  return colon < 0 ? digest.slice('sha256:'.length).slice(0, 8) : name.slice(colon + 1);
};

const words: Readonly<Record<CommandName, (of: string, command: Command) => Omit<Words, 'keep' | 'isDanger'>>> = {
  deploy: (of, { image, service, repository }) => ({
    title:
      service === undefined && repository === undefined
        ? 'Deploy an image'
        : service === undefined
          ? `Release of ${of}`
          : `Deploy to ${of}`,
    act: deployed(image),
    icon: 'deploy',
  }),
  redeploy: (of) => ({ title: `Deploy ${of} once more?`, act: `Redeploy ${of}`, icon: 'deploy' }),
  rollback: (of) => ({ title: `Roll back ${of}?`, act: `Roll back ${of}`, icon: 'back' }),
  rollbackRelease: (of) => ({ title: `Roll back ${of}?`, act: `Roll back ${of}`, icon: 'back' }),
  hold: (of) => ({ title: `Hold ${of}?`, act: `Hold ${of}`, icon: 'hold' }),
  unhold: (of) => ({ title: `Release the hold of ${of}?`, act: 'Release the hold', icon: 'play' }),
  cancel: (of, { service }) => ({
    title: service === undefined ? `Cancel the release before ${of}?` : `Cancel the deployment of ${of}?`,
    act: service === undefined ? 'Cancel the release' : 'Cancel the deployment',
    icon: 'close',
  }),
  approve: (of) => ({ title: `Approve ${of}?`, act: 'Approve', icon: 'approval' }),
  reject: (of) => ({ title: `Reject ${of}?`, act: 'Reject', icon: 'close' }),
};

const dangers: readonly CommandName[] = ['rollback', 'rollbackRelease', 'cancel', 'reject'];

export const wordsOf = (command: Command): Words => {
  const isDanger = dangers.includes(command.command);
  return { ...words[command.command](subjectOf(command), command), isDanger, keep: isDanger ? 'Keep it as it is' : 'Cancel' };
};
