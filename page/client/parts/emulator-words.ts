import type { EmulatorState, ImageBehaviour, PushImage } from '../../api.js';
import type { IconName } from './icon-paths.js';

export const behaviours: readonly {
  readonly key: ImageBehaviour;
  readonly title: string;
  readonly text: string;
  readonly icon: IconName;
}[] = [
  { key: 'healthy', title: 'Healthy', text: 'Starts, stays up', icon: 'succeeded' },
  { key: 'crashes-on-start', title: 'Crashes on start', text: 'Exit 1 at once', icon: 'failed' },
  { key: 'never-healthy', title: 'Never healthy', text: 'Fails its check', icon: 'unknown' },
  { key: 'cannot-pull', title: 'Cannot be pulled', text: 'Not in registry', icon: 'lost' },
  { key: 'slow-to-start', title: 'Slow', text: 'Healthy in 2 min', icon: 'window' },
  { key: 'crashes-later', title: 'Crashes later', text: 'Exit 1 after a while', icon: 'clock' },
];

/** `shown` is the speed that the emulator then has: `max` is an hour in a second. */
export const speeds: readonly { readonly speed: number | 'max'; readonly shown: number; readonly text: string; readonly label: string }[] =
  [
    { speed: 0, shown: 0, text: 'Pause', label: 'Pause the clock' },
    { speed: 1, shown: 1, text: '1 ×', label: 'As fast as real time' },
    { speed: 10, shown: 10, text: '10 ×', label: 'Ten times as fast' },
    { speed: 60, shown: 60, text: '60 ×', label: 'A minute in a second' },
    { speed: 'max', shown: 3600, text: 'Max', label: 'An hour in a second' },
  ];

type Fault = EmulatorState['faults'][number];

export const faultText = ({ kind, left, of }: Fault): string =>
  kind === 'throttleEcs' ? `ECS throttled, ${left} of ${of} calls left` : 'The next event is lost';

/** Quoted for a POSIX shell where that is needed. */
const shellWord = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The same push, by the AWS CLI. */
export const putImageCommand = (url: string, { repository, tag, behaviour }: PushImage): string =>
  [
    `aws --endpoint-url ${url} ecr put-image`,
    `--repository-name ${shellWord(repository)} --image-tag ${shellWord(tag)}`,
    `--image-manifest file://events/images/${behaviour}.json`,
  ].join(' ');
