import pico from 'picocolors';
import { CommandError } from '../../../cli/command-error.js';
import type { Context } from '../../../cli/context.js';
import type { StackClient } from '../../../cli/stack-client.js';
import { run as explain } from '../../../cli/verbs/explain.js';
import { run as history } from '../../../cli/verbs/history.js';
import { run as logs } from '../../../cli/verbs/logs.js';
import { run as plan } from '../../../cli/verbs/plan.js';
import { run as show } from '../../../cli/verbs/show.js';
import { run as status } from '../../../cli/verbs/status.js';
import { deployment, digest, head, image, release, status as statusAnswer } from '../render/answers.js';

const notFound = () => {
  throw new CommandError('not found', { status: 64, code: 'NOT_FOUND' });
};

type Asked = readonly [name: string, question: object];

/** A verb's context on a stack whose function `query` answers so. `asked` are the questions, in order. */
const world = (answers: Readonly<Record<string, object | (() => never)>>, options: { json?: boolean; profile?: string } = {}) => {
  const asked: Asked[] = [];
  const printed: string[] = [];
  const query = async (name: string, question: object) => {
    asked.push([name, question]);
    const answer = answers[name];
    if (answer === undefined) throw new Error(`${name} was asked`);
    return typeof answer === 'function' ? answer() : { ...head, ...answer };
  };
  const client = { stage: 'prod', region: 'eu-west-1', query } as unknown as StackClient;
  const context = {
    terminal: { width: 80, colors: pico.createColors(false), print: (text: string) => printed.push(text) },
    connect: async () => client,
    options: { json: false, ...options },
  } as unknown as Context;
  return { context, asked, printed, options: { json: false, ...options } };
};

const installation = {
  schema: 2,
  notifications: { email: [], sns: true },
  repositories: [
    {
      repository: 'my-learn-app',
      tags: ['*'],
      hasScan: false,
      stages: [
        {
          name: 'production',
          hasApproval: false,
          hasWindow: false,
          isProduction: true,
          services: [{ service: 'production/web', timeoutSeconds: 600, alarms: [], hasBeforeTask: false }],
        },
      ],
    },
  ],
};

describe('status', () => {
  test('of the stack needs one question', async () => {
    const { context, asked, printed, options } = world({ status: statusAnswer });
    await expect(status(context, [undefined], options)).resolves.toBe(0);
    expect(asked).toEqual([['status', {}]]);
    expect(printed.join('\n')).toContain('Needs you');
  });

  test('of a name asks what it is', async () => {
    const { context, asked, options } = world({ installation, status: { repositories: [], services: [] } });
    await status(context, ['production/web'], options);
    await status(context, ['my-learn-app'], options);
    expect(asked.filter(([name]) => name === 'status')).toEqual([
      ['status', { service: 'production/web' }],
      ['status', { repository: 'my-learn-app' }],
    ]);
  });

  test('a misspelt name asks no more than that', async () => {
    const { context, options } = world({ installation });
    await expect(status(context, ['production/wbe'], options)).rejects.toMatchObject({
      status: 64,
      message: expect.stringContaining('did you mean production/web?'),
    });
  });

  test('with --service the name may be of a service that was taken out', async () => {
    const { context, asked, options } = world({ status: { repositories: [], services: [] } });
    await status(context, ['production/old'], { ...options, service: true });
    expect(asked).toEqual([['status', { service: 'production/old' }]]);
  });
});

test('--json prints the answer as one line, and nothing else', async () => {
  const { context, printed, options } = world({ status: statusAnswer }, { json: true });
  await status(context, [undefined], options);
  expect(printed.map((text) => JSON.parse(text))).toEqual([statusAnswer]);
  expect(printed[0]).not.toContain('\n');
});

test('lines to paste have the profile that reached the stack', async () => {
  const { context, printed, options } = world({ status: statusAnswer }, { profile: 'team a' });
  await status(context, [undefined], options);
  expect(printed.join('\n')).toContain("--stage prod --region eu-west-1 --profile 'team a'");
});

describe('history', () => {
  const page = { deployments: [], next: 'abc' };

  test('asks for a page, and says how to continue', async () => {
    const { context, asked, printed, options } = world({ installation, history: page });
    await history(context, ['production/web'], { ...options, limit: '5', next: 'xyz', service: true });
    expect(asked).toEqual([['history', { service: 'production/web', limit: 5, next: 'xyz' }]]);
    expect(printed.join('\n')).toContain('slipway history production/web --service --limit 5 --next abc --stage prod');
  });

  test.each(['0', '101', '-1', '1.5', 'all', '', '1e1'])('--limit %j is a usage error before anything is asked', async (limit) => {
    const { context, asked, options } = world({ installation, history: page });
    await expect(history(context, ['production/web'], { ...options, limit })).rejects.toMatchObject({ status: 64 });
    expect(asked).toEqual([]);
  });
});

describe('show', () => {
  const arn = (machine: string) => `arn:aws:states:eu-west-1:123456789012:execution:slipway-prod-${machine}:an-execution`;
  const answers = { release: { release: release() }, deployment: { deployment: deployment('production/web') } };

  test('asks for what an ARN or the name of a record is of', async () => {
    const { context, asked, printed, options } = world(answers);
    for (const id of [arn('release'), arn('deployment'), release().name, deployment('production/web').name])
      await show(context, [id], options);
    expect(asked.map(([name]) => name)).toEqual(['release', 'deployment', 'release', 'deployment']);
    expect(printed.map((text) => text.split('\n')[0])).toEqual([
      'my-learn-app:main-7 (a1a1a1a1a1a1)',
      'production/web',
      'my-learn-app:main-7 (a1a1a1a1a1a1)',
      'production/web',
    ]);
  });

  test('an ID that is of no release may be of a deployment', async () => {
    const { context, asked, options } = world({ ...answers, release: notFound });
    await expect(show(context, ['deploy-x'], options)).resolves.toBe(0);
    expect(asked).toEqual([
      ['release', { release: 'deploy-x' }],
      ['deployment', { deployment: 'deploy-x' }],
    ]);
  });

  test('an ID of neither is named; another failure stays what it is', async () => {
    const { context, options } = world({ release: notFound, deployment: notFound });
    await expect(show(context, ['x\u001b[2J'], options)).rejects.toMatchObject({
      status: 64,
      message: 'no release and no deployment of slipway-prod in eu-west-1 is called "x\\u001b[2J"',
    });
    const denied = world({
      release: () => {
        throw new CommandError('denied', { status: 77 });
      },
    });
    await expect(show(denied.context, ['x'], options)).rejects.toMatchObject({ status: 77 });
  });

  test('a release that another one stands for is shown with it', async () => {
    const other = release({ image: image('main-7', 'a1'), id: 'the-other' });
    const { context, printed, options } = world({ release: { release: release({ other: other.name }), other } });
    await show(context, ['x'], options);
    expect(printed.join('\n')).toMatch(/another release stands for it:\s+.*\n\nmy-learn-app:main-7.*\n(.*\n)*.*id +the-other/);
  });
});

test('logs asks for the lines of a service that the stack has', async () => {
  const { context, asked, options } = world({ installation, log: { service: 'production/web', logs: [] } });
  await logs(context, ['production/web'], { ...options, lines: '50' });
  expect(asked.at(-1)).toEqual(['log', { service: 'production/web', lines: 50 }]);
  await expect(logs(context, ['my-learn-app'], { ...options, lines: '50' })).rejects.toMatchObject({ status: 64 });
  await expect(logs(context, ['production/web'], { ...options, lines: '201' })).rejects.toMatchObject({ status: 64 });
});

test('explain and plan ask about the image; one that is no image is a usage error before anything is asked', async () => {
  const planned = { repository: 'my-learn-app', image: 'my-learn-app:main-7', digest: digest('a1'), explain: [], stages: [] };
  const { context, asked, printed, options } = world({ explain: { explain: [] }, plan: { plan: planned } });
  await explain(context, [`my-learn-app@${digest('a1')}`], options);
  await plan(context, ['my-learn-app:main-7'], options);
  expect(asked).toEqual([
    ['explain', { repository: 'my-learn-app', digest: digest('a1') }],
    ['plan', { repository: 'my-learn-app', tag: 'main-7' }],
  ]);
  expect(printed[0]).toContain('no such image is in the registry');
  expect(printed[1]).toContain('No stage takes this image');
  for (const verb of [explain, plan]) await expect(verb(context, ['my-learn-app'], options)).rejects.toMatchObject({ status: 64 });
  expect(asked).toHaveLength(2);
});
