import type { Resource } from '../definition/definition.js';
import { callSdk } from './call-sdk.js';
import type { Integration } from './integration.js';
import { invokeFunction, invokeLambda } from './invoke-lambda.js';
import { publish, sendMessage } from './publish-and-send.js';
import { startChild } from './start-child.js';

const integrations: Readonly<Record<string, Integration>> = {
  function: invokeFunction,
  lambda: invokeLambda,
  states: startChild,
  sns: publish,
  sqs: sendMessage,
};

export const integrationOf = ({ service }: Resource): Integration => integrations[service] ?? callSdk;
