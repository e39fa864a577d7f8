import type { Target } from './protocol.js';

/**
 * Members that the query protocol writes without a wrapping element, under a name of their own. Only SQS has such members
 * among the emulated services (the models' `xmlFlattened` and `xmlName`).
 */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sqs: {
    QueueUrls: 'QueueUrl',
    Messages: 'Message',
    Attributes: 'Attribute',
    AttributeNames: 'AttributeName',
    MessageAttributes: 'MessageAttribute',
    MessageAttributeNames: 'MessageAttributeName',
    MessageSystemAttributes: 'MessageSystemAttribute',
    MessageSystemAttributeNames: 'AttributeName',
    Tags: 'Tag',
    tags: 'Tag',
    TagKeys: 'TagKey',
    Failed: 'BatchResultErrorEntry',
  },
};

/** `Attributes` of SQS is `Attribute`; undefined for a member that is wrapped as usual. */
export const flattenedNameOf = ({ service, operation }: Target, member: string): string | undefined => {
  if (service === 'sqs' && member === 'Entries') return `${operation}RequestEntry`;
  if (service === 'sqs' && member === 'Successful') return `${operation}ResultEntry`;
  return names[service]?.[member];
};
