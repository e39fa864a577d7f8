import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Emulator } from '../../../emulator/emulator.js';
import type { Step } from '../../../verification/operations/calls.js';
import { type Answers, createAccount, sendSteps } from '../../../verification/operations/run.js';

const python = process.env.PYTHON ?? 'python3';
const folder = 'test/contract/boto3';

/** The oldest boto3 whose models have every emulated operation and member. */
const isRecent = 'import boto3; assert tuple(map(int, boto3.__version__.split("."))) >= (1, 43, 11)';

export const hasBoto3 = (): boolean => spawnSync(python, ['-c', isRecent]).status === 0;

export type Answer = {
  readonly output?: Record<string, unknown>;
  /** The code of the answer, or what botocore raised. */
  readonly error?: string;
  /** How the answers differ from botocore's models. */
  readonly problems: readonly string[];
  /** How many requests were sent. */
  readonly requests: number;
};

type Action = 'call' | 'paginate' | 'wait';

type Boto3 = {
  /** `input` is that of a paginator or a waiter, if the action is one. */
  request(action: Action, service: string, operation: string, input: object): Promise<Answer>;
  close(): Promise<void>;
};

/** Starts AWS's Python client. `sleep` is what a waiter does between two requests. */
const startBoto3 = (url: string, sleep: (milliseconds: number) => Promise<void>): Boto3 => {
  const child: ChildProcess = spawn(python, [`${folder}/client.py`, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
    },
  });
  const lines = createInterface(child.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]();
  const send = async (line: object): Promise<Answer & { sleep?: number }> => {
    child.stdin?.write(`${JSON.stringify(line)}\n`);
    const { value } = await lines.next();
    if (value === undefined) throw new Error('boto3 ended; its traceback is above');
    return JSON.parse(value);
  };
  return {
    request: async (action, service, operation, input) => {
      let answer = await send({ action, service, operation, input });
      while (answer.sleep !== undefined) {
        await sleep(answer.sleep * 1000);
        answer = await send({});
      }
      return answer;
    },
    close: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve());
        child.stdin?.end();
      }),
  };
};

export type Account = { readonly emulator: Emulator; readonly boto3: Boto3; close(): Promise<void> };

/** An account with its endpoint on loopback, and boto3 that calls it; what waiters sleep passes in virtual time. */
export const openAccount = async (): Promise<Account> => {
  const emulator = createAccount();
  const { url } = await emulator.listen({ port: 0 });
  const boto3 = startBoto3(url, (milliseconds) => emulator.account.clock.advance(milliseconds));
  return {
    emulator,
    boto3,
    close: async () => {
      await boto3.close();
      await emulator.close();
    },
  };
};

/** Sends requests; problems are by operation. */
export const call = async ({ emulator, boto3 }: Account, given: readonly Step[], answers: Answers) => {
  const problems = new Map<string, string[]>();
  const refused = await sendSteps(
    emulator,
    given,
    async (service, operation, input) => {
      const answer = await boto3.request('call', service, operation, input);
      const name = `${service}.${operation}`;
      problems.set(name, [...(problems.get(name) ?? []), ...answer.problems]);
      if (answer.error !== undefined) throw answer.error;
      return answer.output ?? {};
    },
    answers,
  );
  return { problems, refused };
};
