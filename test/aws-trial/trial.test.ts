import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListImagesCommand } from '@aws-sdk/client-ecr';
import { loadSteps } from '../../stack/steps.js';
import type { Verdict } from '../../verification/aws/compare.js';
import { isPassed, reportText } from '../../verification/aws/report.js';
import type { Target } from '../../verification/aws/target.js';
import { type Report, verify } from '../../verification/aws/verify.js';
import { givenExpectation, givenTarget, repository } from './given-account.js';

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** Runs every check on the packaged stack over HTTP, and beside it on a second account. */
const trial = async (
  behaviours: Parameters<typeof givenTarget>[0],
  prepare: (target: Awaited<ReturnType<typeof givenTarget>>) => void = () => {},
) => {
  const given = await givenTarget(behaviours);
  closers.push(() => given.emulator.close(), given.stopTime);
  prepare(given);
  const expectation = await givenExpectation(given.target);
  closers.push(expectation.close);
  const report = await verify(given.target, expectation.target, { steps: await loadSteps(), recorder: given.recorder, progress: () => {} });
  return { ...given, report };
};

const verdict = ({ verdicts }: Report, name: string): Verdict | undefined => verdicts.find((one) => one.name === name);
const tagsOf = async ({ clients }: Target): Promise<string[]> => {
  const { imageIds = [] } = await clients.ecr.send(new ListImagesCommand({ repositoryName: repository }));
  return imageIds.map(({ imageTag = '' }) => imageTag);
};

describe('a stack that does what the emulator says', () => {
  const running = trial({ healthy: 'healthy', crashing: 'crashes-on-start' });

  test('passes every check', async () => {
    const { report } = await running;

    expect(report.verdicts.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(isPassed(report)).toBe(true);
    expect(report.verdicts.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'policy of UpdateServiceRole',
        'policy of PushRuleRole',
        'definition of release machine',
        'definition of deployment machine',
        'function under its role',
        'healthy push',
        'crashing push',
        'two services of one family',
      ]),
    );
  });

  test('keeps the image that its services run, and says so; the tag of the other one is deleted', async () => {
    const { report, target } = await running;

    expect(report.stays).toEqual([expect.stringMatching(/^my-learn-app:main-verify-healthy-1a2b: .*staging\/web/)]);
    const tags = await tagsOf(target);
    expect(tags).toContain('main-verify-healthy-1a2b');
    expect(tags).not.toContain('main-verify-crashing-1a2b');
  });

  test('its answers are saved by check, without the values of environment variables', async () => {
    const { recorder } = await running;
    const directory = mkdtempSync(join(tmpdir(), 'slipway-answers-'));
    recorder.save(directory, '123456789012');
    const textOf = (file: string) => readFileSync(join(directory, file), 'utf8');

    expect(readdirSync(directory)).toEqual(expect.arrayContaining(['healthy-push.json', 'policy-of-sweeprole.json', 'stack.json']));
    expect(textOf('two-services-of-one-family.json')).toContain('DATABASE_URL');
    for (const file of readdirSync(directory)) expect(textOf(file)).not.toContain('s3cret');
    rmSync(directory, { recursive: true });
  });
});

describe('a stack that does otherwise', () => {
  const running = trial({ healthy: 'crashes-on-start', crashing: 'never-healthy' }, ({ emulator, target: { stack } }) => {
    const { iam } = emulator.account.services;
    const allow = (Action: string) => ({ Statement: [{ Effect: 'Allow' as const, Action, Resource: '*' }] });
    const roleOf = (name: string) => `arn:aws:iam::123456789012:role/${stack.resources.get(name)}`;
    const trust = {
      Statement: [{ Effect: 'Allow' as const, Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    iam.putRole({ arn: roleOf('ReconcileRole'), trust, policies: [allow('logs:*')] });
    iam.putRole({ arn: roleOf('SendToSlackRole'), trust, policies: [allow('*')] });
  });

  test('a role that may not do what its step declares has failed, and so has one that may do more', async () => {
    const { report } = await running;

    expect(verdict(report, 'policy of ReconcileRole')).toMatchObject({
      status: 'failed',
      details: expect.arrayContaining([
        expect.stringMatching(/^ecr:\w+ on arn:aws:ecr:.*my-learn-app is implicitDeny; it has to be allowed$/),
      ]),
    });
    expect(verdict(report, 'policy of SendToSlackRole')).toMatchObject({
      status: 'failed',
      details: expect.arrayContaining([expect.stringMatching(/^ecs:DeleteService on .* is allowed; it has to be denied$/)]),
    });
  });

  test('an image that is no healthy one fails the check, with what the deployment says', async () => {
    const { report } = await running;

    expect(verdict(report, 'healthy push')).toMatchObject({
      status: 'failed',
      details: expect.arrayContaining([expect.stringMatching(/^staging\/web ended ROLLED_BACK, CRASHED; expected SUCCEEDED: /)]),
    });
    expect(isPassed(report)).toBe(false);
  });

  test('a rollback for another reason than on the emulator differs, and the table names both', async () => {
    const { report } = await running;

    expect(verdict(report, 'crashing push')).toMatchObject({
      status: 'differs',
      details: expect.arrayContaining(['services.staging/web.reason: here "UNHEALTHY", on the emulator "CRASHED"']),
    });
    const colors = { green: String, yellow: String, red: String } as never;
    expect(reportText(report, { colors, width: 120 })).toMatch(/^crashing push +differs +release\.reason: here/m);
  });
});
