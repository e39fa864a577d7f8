import * as v from 'valibot';
import { cut } from '../notification/cut.js';
import { redact } from '../notification/redact.js';
import { nameOf, stackOf } from '../records/execution-name.js';
import { executionNameOf } from '../records/record-name.js';
import type { DeploymentRecord } from '../records/records.js';
import * as messages from './messages.js';

/** What a function of the user's is invoked with; docs/verification.md documents it. Revisions are ARNs, executions names. */
export type VerifierRequest = {
  readonly version: 1;
  /** The stage of the stack, such as `dev`. */
  readonly stackStage: string;
  /** `cluster/name` */
  readonly service: string;
  readonly cluster: string;
  readonly stage: string;
  /** Of the image; empty without one, as of a named revision. */
  readonly repository: string;
  readonly image?: {
    readonly registry: string;
    readonly repository: string;
    readonly tag: string;
    readonly digest: string;
    readonly commit?: string;
  };
  readonly revision: string;
  readonly previousRevision: string;
  readonly execution: string;
  /** Empty if it is part of no release. */
  readonly release: string;
};

export const verifierRequest = (record: DeploymentRecord): VerifierRequest => {
  const { service, stage, image, revision = '', previousRevision = '', execution, release = '' } = record;
  const { registry = '', repository = '', tag = '', digest = '', commit } = image ?? {};
  return {
    version: 1,
    stackStage: stackOf(execution).replace(/^slipway-/, ''),
    service,
    cluster: service.slice(0, service.indexOf('/')),
    stage,
    repository,
    ...(image && { image: { registry, repository, tag, digest, ...(commit !== undefined && { commit }) } }),
    revision,
    previousRevision,
    execution: nameOf(execution),
    release: release && executionNameOf(release),
  };
};

/** What InvokeVerifier hands on: `answered` with the JSON of the answer, empty if that is too long; else the name of the error. */
export type Invocation = { readonly status: string; readonly answer: string };

/** What the function found. `speaksOfImage`: it has refused the image itself; anything else that it may answer says nothing of it. */
export type Verified = { readonly isPassed: boolean; readonly seen: string; readonly speaksOfImage: boolean };

const Answer = v.object({ version: v.literal(1), verified: v.boolean(), message: v.optional(v.string()) });

const messageLimit = 1000;

/** Reads the invocation of the user's function. Any other answer than one of version 1 has verified nothing. */
export const readInvocation = (name: string, { status, answer }: Invocation): Verified => {
  const not = (seen: string): Verified => ({ isPassed: false, seen, speaksOfImage: false });
  if (status !== 'answered') return not(messages.verifierFailed(name, cut(redact(status), 200)));
  if (answer === '') return not(messages.answerTooLong(name));
  const result = v.safeParse(Answer, parsed(answer));
  if (!result.success) return not(messages.noAnswer(name, cut(redact(answer), 200)));
  const { verified, message = '' } = result.output;
  const words = cut(redact(message), messageLimit);
  return verified
    ? { isPassed: true, seen: messages.verifiedBy(name, words), speaksOfImage: false }
    : { isPassed: false, seen: messages.refusedBy(name, words), speaksOfImage: true };
};

const parsed = (answer: string): unknown => {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
};
