import { AwsError } from '../errors.js';
import type { MessageAttribute } from '../sqs/api.js';

type Attributes = Readonly<Record<string, MessageAttribute>>;

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterValueException', message);
};

const checkName = (name: string): void => {
  if (Buffer.byteLength(name) >= 256) refuse('Length of message attribute name must be less than 256 bytes.');
  const character = /[^A-Za-z0-9_.-]/.exec(name)?.[0];
  if (character !== undefined) {
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    refuse(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (name.startsWith('.')) refuse("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.')) refuse("Invalid message attribute name ending with character '.' was found.");
  if (name.includes('..')) refuse("Message attribute name can not have successive '.' character.");
};

/** What a message's attributes have to be (sns-message-attributes). @throws AwsError InvalidParameterValueException, ValidationError */
export const checkAttributes = (attributes: Attributes): void => {
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    checkName(name);
    if (DataType === undefined)
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value null at 'messageAttributes.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
      );
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType))
      refuse(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    const isBinary = DataType.startsWith('Binary');
    const [value, other] = isBinary ? [BinaryValue, StringValue] : [StringValue, BinaryValue];
    if (value === undefined && other !== undefined)
      refuse(`The message attribute '${name}' with type '${DataType}' must use field '${isBinary ? 'Binary' : 'String'}'.`);
    if (!value?.length)
      refuse(`The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`);
  }
};

/** The elements of a String.Array; undefined for a text that is no JSON array, which no filter policy matches. */
const elementsOf = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Attributes as a filter policy sees them: numbers as numbers, String.Array as its elements, no binaries. */
export const filteredAttributes = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue = '' }]) => {
      if (DataType === 'String.Array') return [name, elementsOf(StringValue)];
      if (DataType.startsWith('Number')) return [name, Number(StringValue)];
      return [name, DataType.startsWith('String') ? StringValue : undefined];
    }),
  );
