import { AwsError } from '../errors.js';

/** Checks the entries of a batch, before any of them has an effect. @throws AwsError */
export const checkBatch = (operation: string, entries: readonly { readonly Id: string }[]): void => {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${operation}RequestEntry in the request.`);
  if (entries.length > 10)
    throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${entries.length}.`);
  const ids = entries.map(({ Id }) => Id);
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
};
