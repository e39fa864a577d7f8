/**
 * Errors whose code in the query protocol is not the name of their shape (the models' `awsQueryError`), and the common
 * errors of the account as these services answer them.
 */
const queryCodes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sns: {
    AccessDeniedException: 'AuthorizationError',
    AuthorizationErrorException: 'AuthorizationError',
    ThrottlingException: 'Throttled',
    ServerException: 'InternalError',
    ConcurrentAccessException: 'ConcurrentAccess',
    FilterPolicyLimitExceededException: 'FilterPolicyLimitExceeded',
    InternalErrorException: 'InternalError',
    InvalidParameterException: 'InvalidParameter',
    InvalidParameterValueException: 'ParameterValueInvalid',
    InvalidSecurityException: 'InvalidSecurity',
    NotFoundException: 'NotFound',
    ResourceNotFoundException: 'ResourceNotFound',
    SubscriptionLimitExceededException: 'SubscriptionLimitExceeded',
    ThrottledException: 'Throttled',
    TopicLimitExceededException: 'TopicLimitExceeded',
  },
  sqs: {
    AccessDeniedException: 'AccessDenied',
    BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
    EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
    InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
    MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
    PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
    QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
    QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
    QueueNameExists: 'QueueAlreadyExists',
    TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
  },
  cloudwatch: {
    AccessDeniedException: 'AccessDenied',
    ThrottlingException: 'Throttling',
    ServerException: 'InternalServiceError',
    InternalServiceFault: 'InternalServiceError',
    InvalidFormatFault: 'InvalidFormat',
    InvalidParameterCombinationException: 'InvalidParameterCombination',
    InvalidParameterValueException: 'InvalidParameterValue',
    LimitExceededFault: 'LimitExceeded',
    MissingRequiredParameterException: 'MissingParameter',
  },
  cloudformation: { AccessDeniedException: 'AccessDenied', ThrottlingException: 'Throttling' },
  iam: { AccessDeniedException: 'AccessDenied', ThrottlingException: 'Throttling' },
  sts: { AccessDeniedException: 'AccessDenied', ThrottlingException: 'Throttling' },
};

/** `NotFoundException` of SNS is `NotFound`; a query code is returned as it is. */
export const queryCodeOf = (service: string, code: string): string => queryCodes[service]?.[code] ?? code;

/** `AWS.SimpleQueueService.NonExistentQueue` is the shape `QueueDoesNotExist`; a shape's name is returned as it is. */
export const shapeNameOf = (service: string, code: string): string => {
  const codes = queryCodes[service];
  if (!codes || code in codes) return code;
  return Object.entries(codes).find(([, queryCode]) => queryCode === code)?.[0] ?? code;
};

/** Services whose clients still show the query protocol's codes (the models' `awsQueryCompatible`). */
export const isQueryCompatible = (service: string): boolean => service === 'sqs' || service === 'cloudwatch';
