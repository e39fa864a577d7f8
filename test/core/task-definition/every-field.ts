import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';

const sample = (schema: NormalizedSchema, path: string): unknown => {
  if (schema.isStructSchema())
    return Object.fromEntries([...schema.structIterator()].map(([name, member]) => [name, sample(member, `${path}.${name}`)]));
  if (schema.isListSchema()) return [sample(schema.getValueSchema(), `${path}[]`)];
  if (schema.isMapSchema()) return { key: sample(schema.getValueSchema(), `${path}.key`) };
  if (schema.isTimestampSchema()) return new Date(1_700_000_000_000);
  if (schema.isBooleanSchema()) return false;
  if (schema.isNumericSchema()) return 0;
  if (schema.isStringSchema()) return path;
  throw new Error(`${path} has a kind of schema that this test does not know: ${JSON.stringify(schema.getSchema())}`);
};

/** A value that has every field of a shape of the installed SDK, to any depth. */
export const everyField = (shape: StaticStructureSchema): Record<string, unknown> =>
  sample(NormalizedSchema.of(shape), '') as Record<string, unknown>;
