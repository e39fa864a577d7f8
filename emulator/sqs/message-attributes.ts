import { createHash } from 'node:crypto';
import type { MessageAttribute } from './api.js';
import { invalidValue } from './queue.js';

type Attributes = Readonly<Record<string, MessageAttribute>>;

/** Custom types have a label: `Number.int`. */
const isBinary = (dataType: string): boolean => dataType === 'Binary' || dataType.startsWith('Binary.');

const checkName = (name: string): void => {
  if (!/^[\w.-]+$/.test(name))
    throw invalidValue(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    );
  if (Buffer.byteLength(name) >= 256) throw invalidValue('Message (user) attribute names must be shorter than 256 Bytes');
  if (/^(aws|amazon)\.|^\.|\.$|\.\./i.test(name))
    throw invalidValue(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    );
};

/** What a message's attributes have to be (sqs-message-metadata). @throws AwsError InvalidParameterValue */
export const checkAttributes = (attributes: Attributes): void => {
  const names = Object.keys(attributes);
  if (names.length > 10) throw invalidValue(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    checkName(name);
    if (DataType === undefined) throw invalidValue('Missing required parameter DataType');
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType))
      throw invalidValue(
        `Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with "String", "Binary", or "Number", but was: ${DataType}`,
      );
    const type = DataType.split('.')[0];
    if (!(isBinary(DataType) ? BinaryValue?.length : StringValue))
      throw invalidValue(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
    if (type === 'Number' && Number.isNaN(Number(StringValue)))
      throw invalidValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
};

export const bytesOf = (attributes: Attributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );

const withLength = (bytes: Uint8Array): Uint8Array[] => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
};

/**
 * The MD5 digest that clients compare: of name, type, a byte for the kind of value, and value, by name
 * (sqs-message-metadata, "Calculating the MD5 message digest for message attributes").
 */
export const md5OfAttributes = (attributes: Attributes): string => {
  const hash = createHash('md5');
  for (const [name, { DataType, StringValue = '', BinaryValue = new Uint8Array() }] of Object.entries(attributes).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const value = isBinary(DataType) ? BinaryValue : Buffer.from(StringValue);
    const parts = [...withLength(Buffer.from(name)), ...withLength(Buffer.from(DataType)), Buffer.of(isBinary(DataType) ? 2 : 1)];
    for (const part of [...parts, ...withLength(value)]) hash.update(part);
  }
  return hash.digest('hex');
};
