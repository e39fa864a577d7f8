import type { ImageName } from '../../core/commands/requests.js';
import type { DeploymentView, ReleaseView, StackView } from '../../core/query/answers.js';
import type { Result } from '../../core/result/result.js';
import type { CommandError } from '../command-error.js';
import type { ExitStatus } from '../exit-status.js';
import type { AnswerTo, Question } from '../stack-client.js';

/** What is followed: the release of an image, or one release or deployment, by the name of its execution or by its ARN. */
export type FollowTarget = ImageName | { readonly release: string } | { readonly deployment: string };

export type FollowOptions = {
  /** ISO 8601: of an image that was pushed before nothing is reported. By default the time of its push. */
  readonly since?: string;
  /** A stage: with its success the command ends. */
  readonly until?: string;
  readonly timeoutSeconds: number;
  /** Starts a release of the image if none has begun by then. */
  readonly startAfterSeconds?: number;
  /** For the record of a release that is started. */
  readonly by?: string;
  /** Ends well where the release waits for approval or a window, after the success of a stage. */
  readonly endsAtGates: boolean;
};

/** What was seen last, of the image that is followed. */
export type Seen =
  | { readonly kind: 'release'; readonly view: ReleaseView }
  | { readonly kind: 'deployment'; readonly view: DeploymentView };

/** All times are milliseconds of this machine's clock. */
export type FollowState = {
  readonly target: FollowTarget;
  readonly options: FollowOptions;
  readonly begunAt: number;
  /** The digest that is followed from now on, also after the tag has moved. */
  readonly digest?: string;
  /** When ECR received it, ISO 8601. */
  readonly pushedAt?: string;
  /** Does the tag name another image by now? */
  readonly hasMoved?: true;
  /** The execution that this command started. */
  readonly started?: { readonly execution: string; readonly at: number };
  readonly seen?: Seen;
  readonly stack?: StackView;
  /** Requests that failed since the last answer. */
  readonly failures: number;
  /** Codes of notes, each of which is said once. */
  readonly said: readonly NoteCode[];
};

export type NoteCode =
  | 'BOUND'
  | 'NOT_PUSHED'
  | 'OLDER_IMAGE'
  | 'TAG_MOVED'
  | 'STANDS_FOR'
  | 'STARTED'
  | 'NO_ANSWER'
  | 'ANSWERS_AGAIN'
  | 'NOT_BEGUN';

export type Request =
  | { readonly kind: 'release'; readonly question: Question<'release'> }
  | { readonly kind: 'deployment'; readonly question: Question<'deployment'> }
  | { readonly kind: 'start'; readonly name: string; readonly input: object };

/** What comes of a request. */
export type Happening =
  | { readonly kind: 'release'; readonly answer: AnswerTo<'release'> }
  | { readonly kind: 'deployment'; readonly answer: AnswerTo<'deployment'> }
  | { readonly kind: 'started'; readonly execution: string }
  | { readonly kind: 'failed'; readonly error: CommandError };

/** How it ended. `commands` are words after `slipway`, to paste. */
export type End = {
  readonly kind: 'end';
  readonly status: ExitStatus;
  /** The reason of the result, or why there is none. */
  readonly code: string;
  readonly message: string;
  readonly result?: Result;
  readonly link?: string;
  readonly commands?: readonly (readonly string[])[];
};

export type Effect =
  | { readonly kind: 'show'; readonly seen: Seen; readonly at: string }
  | { readonly kind: 'note'; readonly code: NoteCode; readonly message: string }
  | { readonly kind: 'throw'; readonly status: number; readonly code?: string; readonly message: string }
  | End;
