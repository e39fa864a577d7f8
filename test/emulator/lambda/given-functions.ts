import type { Account } from '../../../emulator/account.js';
import { unanswered } from '../../../emulator/clock.js';
import type { PolicyStatement } from '../../../emulator/iam/api.js';
import { createIam } from '../../../emulator/iam/index.js';
import type { FunctionSpec, InvocationResult } from '../../../emulator/lambda/api.js';
import { createLambda } from '../../../emulator/lambda/index.js';
import type { Logs } from '../../../emulator/logs/api.js';
import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount } from '../given-account.js';

export const roleArn = 'arn:aws:iam::123456789012:role/functions';
export const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:greet';

export type Code = (
  payload: never,
  /** A request of the function, as its SDK makes it. */
  request: (service: string, operation: string, input: object) => Promise<unknown>,
  environment: Record<string, string>,
) => unknown;

/** A request as over HTTP: after its end the function has no activity, and no answer. */
const requestAs =
  (account: Account, accessKeyId: string) =>
  (service: string, operation: string, input: object): Promise<unknown> => {
    const caller = account.services.iam.callerOf(accessKeyId);
    return caller.activity?.request(() => account.request(caller, service, operation, input)) ?? unanswered();
  };

/** One function named `greet`, run in process from `code`, or from a packaged zip. */
export const givenFunction = (
  options: { code?: Code; zipPath?: string; workDir?: string; endpoint?: string } & Partial<FunctionSpec>,
  statements: readonly PolicyStatement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }],
) => {
  const { code, workDir, endpoint, ...spec } = options;
  const lines: { group: string; stream: string; message: string }[] = [];
  const logs: Partial<Logs> = { write: (group, stream, message) => lines.push({ group, stream, message }) };
  const given = givenAccount((account) => ({
    iam: createIam(account),
    sqs: createSqs(account),
    logs: logs as Logs,
    lambda: createLambda(account, {
      endpoint: () => endpoint,
      workDir,
      requestHandlerFor: ({ accessKeyId }) => requestAs(account, accessKeyId),
      ...(code && {
        functionCode:
          (_spec: FunctionSpec, { environment, requestHandler }: { environment: Record<string, string>; requestHandler: unknown }) =>
          async (payload: unknown) =>
            code(payload as never, requestHandler as ReturnType<typeof requestAs>, environment),
      }),
    }),
  }));
  const { account, iam, lambda } = given;
  iam.putRole({
    arn: roleArn,
    trust: { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
    policies: [{ Statement: statements }],
  });
  const put = (change: Partial<FunctionSpec> = {}) =>
    lambda.createFunction({
      name: 'greet',
      arn: functionArn,
      roleArn,
      handler: 'functions/greet.handler',
      zipPath: undefined,
      environment: {},
      timeoutSeconds: 20,
      memoryMb: 256,
      ...spec,
      ...change,
    });
  put();
  const invoke = async (payload: unknown = {}, arn = functionArn): Promise<InvocationResult> => {
    const [result] = await Promise.all([lambda.invoke(arn, payload), account.clock.run()]);
    return result;
  };
  return { ...given, put, invoke, lines };
};
