import type { Activity } from './clock.js';

/** The identity that makes a request, as IAM sees it. */
export type Caller = {
  /** Role ARN, user ARN, or a service's principal such as `events.amazonaws.com`. */
  readonly arn: string;
  /** A `user` (the AWS CLI, a test) may do everything; a `role` what its policies allow; a `service` what resource policies allow. */
  readonly kind: 'user' | 'role' | 'service';
  /** For a service: the ARN on whose behalf it calls, for `aws:SourceArn`. */
  readonly sourceArn?: string;
  /** For a function's own requests, for `lambda:SourceFunctionArn`. */
  readonly functionArn?: string;
  /** The invocation that makes the request, for a function's requests. */
  readonly activity?: Activity | undefined;
};
