import type { RecordRepository } from '../../aws/record-repository.js';
import type { RecordName } from '../../core/records/record-name.js';
import { type Decision, decided } from '../../core/step/contracts.js';

/**
 * What a visit answers that could not enter its record: the result of a closed one, because the execution would wait without end;
 * undefined if a later visit has entered it. Step Functions refuses the answer of a late invocation.
 */
export const closedResult = async (
  records: Pick<RecordRepository, 'deployment'>,
  name: RecordName,
): Promise<Decision<'finish'> | undefined> => {
  const { endedAt, result } = await records.deployment(name);
  return endedAt !== undefined && result ? decided('finish', result) : undefined;
};
