import { HttpResponse } from '@smithy/core/protocols';
import type { ClientSettings } from '../../aws/client-settings.js';

export type Call = { readonly operation: string; readonly input: Record<string, unknown> };

/** An answer: the status and the body, or a failure of the connection. */
export type Answer = readonly [statusCode: number, body: object] | Error;

/** An AWS that answers each call as the test says, and records the calls. */
export const fakeAws = (answer: (call: Call, number: number) => Answer): { readonly settings: ClientSettings; readonly calls: Call[] } => {
  const calls: Call[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
      const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
      const call: Call = { operation, input: JSON.parse(new TextDecoder().decode(body)) };
      calls.push(call);
      const answered = answer(call, calls.length);
      if (answered instanceof Error) throw answered;
      const [statusCode, content] = answered;
      return { response: new HttpResponse({ statusCode, headers: {}, body: Buffer.from(JSON.stringify(content)) }) };
    },
  };
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  return { settings: { region: 'eu-west-1', maxAttempts: 1, credentials, requestHandler }, calls };
};
