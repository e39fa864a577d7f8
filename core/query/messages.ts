// Why a query has no answer: what is the case, and what to do. Programs decide by the code of the error.

const meant = (suggestion: string | undefined): string => (suggestion === undefined ? '' : `; did you mean ${suggestion}?`);

export const apiTooOld = (asked: number, oldest: number) =>
  `the command line speaks version ${asked} of the API, and the stack answers ${oldest} and later: update the command line`;

export const apiTooNew = (asked: number, current: number) =>
  `the command line speaks version ${asked} of the API, and the stack answers up to ${current}: deploy this version of the stack, or use the command line of the stack's version`;

export const unknownQuery = (given: string, known: readonly string[], suggestion: string | undefined) =>
  `"query" is ${given}${meant(suggestion)}; expected one of ${known.join(', ')}`;

export const serviceNotConfigured = (service: string, known: readonly string[], suggestion: string | undefined) =>
  `slipway.yml does not name the service ${service}${meant(suggestion) || `; it names ${listed(known)}`}`;

export const noRecord = (kind: 'deployment' | 'release', given: string) =>
  `there is no ${kind} ${given}: give the name or the ARN of its execution, which are known for 90 days, or the name of its record`;

export const unreadable = (record: string, why: string) =>
  `the record ${record} is not one of this version of Slipway (${why}): ask the stack of the version that wrote it`;

export const throttled = (error: string) => `AWS throttled the query or did not answer (${error}): ask again in a few seconds`;

export const noService = (service: string) => `Amazon ECS has no service ${service}: check its cluster and its name`;

export const executionEnded = (status: string) =>
  `its execution has ended (${status || 'Step Functions no longer knows it'}) and its record is open: within minutes the sweep closes or resumes it`;

const shownNames = 10;

const listed = (names: readonly string[]): string =>
  names.length > shownNames ? `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more` : names.join(', ');
