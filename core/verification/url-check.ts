import type { Configuration, UrlCheck } from '../configuration/configuration.js';
import type { Probe } from '../step/contracts.js';
import { kindOfAddress } from './address.js';
import * as messages from './url-messages.js';

/** Of a body, no more is read. */
export const BODY_LIMIT_BYTES = 65_536;

/** A request that has no complete answer after these seconds is given up. */
export const REQUEST_SECONDS = 10;

/** One invocation begins no request after these seconds, so that it ends within five minutes; further invocations follow. */
export const INVOCATION_SECONDS = 290;

/** What came of one request. `body` is what was read of it, if a text is expected in it; `code` is of Node.js or OpenSSL. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string; readonly bytes: number }
  | { readonly kind: 'silent'; readonly code: string }
  | { readonly kind: 'slow' }
  | { readonly kind: 'untrusted'; readonly code: string }
  | { readonly kind: 'unresolved'; readonly code: string }
  | { readonly kind: 'refused'; readonly address: string };

/** `outcome` is that of the whole check if nothing comes after this answer; `isFinal`: nothing comes after it. */
export type Judgement = Probe & { readonly outcome: 'passed' | 'failed' | 'refused'; readonly isFinal: boolean };

/** The check of a service's rollout with an image of that repository. @throws Error if none is configured */
export const urlCheckOf = ({ repositories }: Configuration, repository: string, service: string): UrlCheck => {
  const settings = repositories[repository]?.stages.flatMap(({ services }) => services).find((each) => each.service === service);
  if (!settings?.verify?.url) throw new Error(`no URL is configured to verify ${service} with an image of ${repository}`);
  return settings.verify.url;
};

/** Without its query, which may have a token in it. */
export const shownUrl = (text: string): string => {
  const { origin, pathname, search } = new URL(text);
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
};

/**
 * Seconds for which this invocation requests the URL; 0: once.
 *
 * @param until when it must have answered as expected, ISO 8601
 */
export const secondsToProbe = (until: string, now: string): number => Math.min(INVOCATION_SECONDS, Math.max(0, secondsLeft(until, now)));

/** Is time left after this invocation? */
export const continuesLater = (until: string, now: string): boolean => secondsLeft(until, now) > INVOCATION_SECONDS;

const secondsLeft = (until: string, now: string): number => (Date.parse(until) - Date.parse(now)) / 1000;

/** What an answer means. Only another answer than expected, or none, is of the image: names and certificates are not. */
export const judge = (check: UrlCheck, answer: Answer): Judgement => {
  const url = shownUrl(check.url);
  const failed = (seen: string): Judgement => ({ outcome: 'failed', isFinal: false, seen });
  switch (answer.kind) {
    case 'answered': {
      const { status, body, bytes } = answer;
      if (status !== check.status) return failed(messages.otherStatus(url, status, check.status));
      if (check.body === undefined) return { outcome: 'passed', isFinal: true, seen: messages.passed(url, status) };
      if (!body.includes(check.body)) return failed(messages.textMissing(url, status, bytes));
      return { outcome: 'passed', isFinal: true, seen: messages.passedWithBody(url, status) };
    }
    case 'silent':
      return failed(messages.noAnswer(url, answer.code));
    case 'slow':
      return failed(messages.tooSlow(url, REQUEST_SECONDS));
    case 'untrusted':
      return { outcome: 'refused', isFinal: false, seen: messages.untrusted(url, answer.code) };
    case 'unresolved':
      return { outcome: 'refused', isFinal: false, seen: messages.unresolved(url, answer.code) };
    case 'refused':
      return { outcome: 'refused', isFinal: true, seen: messages.refusedAddress(url, answer.address, kindOfAddress(answer.address)) };
  }
};
