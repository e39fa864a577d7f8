import type { Emulator } from '../../emulator/emulator.js';
import { steps } from '../../verification/operations/calls.js';
import { type Answers, createAccount, prepare, sendSteps } from '../../verification/operations/run.js';
import { type Boto3, hasBoto3, startBoto3 } from './boto3/client.js';

/** An account with its endpoint on loopback, and boto3 that calls it. */
const open = async (): Promise<{ emulator: Emulator; boto3: Boto3 }> => {
  const emulator = createAccount();
  const { url } = await emulator.listen({ port: 0 });
  return { emulator, boto3: startBoto3(url, (milliseconds) => emulator.account.clock.advance(milliseconds)) };
};

const close = async ({ emulator, boto3 }: { emulator: Emulator; boto3: Boto3 }): Promise<void> => {
  await boto3.close();
  await emulator.close();
};

/** Sends the table of operations; problems and refusals by operation. */
const call = async ({ emulator, boto3 }: { emulator: Emulator; boto3: Boto3 }, given: typeof steps, answers: Answers) => {
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

(hasBoto3() ? describe : describe.skip)('AWS’s Python client', () => {
  const names = [...new Set(steps.flatMap((step) => ('minutes' in step ? [] : [`${step[0]}.${step[1]}`])))];
  const answers: Answers = new Map();
  let run: Awaited<ReturnType<typeof call>>;
  let empty: Awaited<ReturnType<typeof call>>;

  beforeAll(async () => {
    const account = await open();
    prepare(account.emulator);
    run = await call(account, steps, answers);
    await close(account);

    const emptyAccount = await open();
    const creates = /^(Create|Register)/;
    empty = await call(
      emptyAccount,
      steps.filter((step) => 'minutes' in step || !creates.test(step[1])),
      answers,
    );
    await close(emptyAccount);
  });

  test('is refused no request', () => {
    expect(run.refused).toEqual([]);
  });

  test.each(names)('gets answers of %s that match its model', (name) => {
    expect(run.problems.get(name)).toEqual([]);
  });

  test.each(names)('gets errors of %s that its model declares', (name) => {
    expect(empty.problems.get(name) ?? []).toEqual([]);
  });
});
