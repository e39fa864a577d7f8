import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { manifest, repository } from '../../cli/example.js';
import { outputOf, startEmulator } from './emulator.js';

/*
 * Runs the released bundle of aws-actions/amazon-ecs-deploy-task-definition, unmodified, against `npm start`; README.md says how, and
 * what it said. Real seconds pass: the action's waiters sleep 15 s between two requests.
 */

const [action] = process.argv.slice(2);
if (action === undefined) {
  console.error('expected the directory of a checkout of aws-actions/amazon-ecs-deploy-task-definition');
  process.exit(64);
}

// Slipway deploys neither tag: slipway.yml takes main-* and v*.
const images = { healthy: 'healthy', crashing: 'crashes-on-start' } as const;

const accountId = '123456789012';
const region = 'eu-west-1';
const registry = `${accountId}.dkr.ecr.${region}.amazonaws.com`;

type Run = {
  readonly name: string;
  readonly image: keyof typeof images;
  readonly inputs: Readonly<Record<string, string>>;
  readonly exitCode: number;
  readonly says: RegExp;
};

const service = { cluster: 'production', service: 'web', 'wait-for-service-stability': 'true', 'wait-max-delay-seconds': '15' };
const task = {
  cluster: 'production',
  'run-task': 'true',
  'run-task-subnets': 'subnet-0a1b2c3d',
  'run-task-security-groups': 'sg-0a1b2c3d',
  'wait-for-task-stopped': 'true',
  'wait-max-delay-seconds': '15',
};
const command = (...words: string[]): string => JSON.stringify([{ name: 'app', command: words }]);

const runs: readonly Run[] = [
  { name: 'a healthy image', image: 'healthy', inputs: service, exitCode: 0, says: /verified: rolloutState=COMPLETED/ },
  {
    name: 'the same service again, with a count, tags and a forced deployment',
    image: 'healthy',
    inputs: {
      ...service,
      'desired-count': '3',
      'force-new-deployment': 'true',
      'enable-ecs-managed-tags': 'true',
      'propagate-tags': 'SERVICE',
    },
    exitCode: 0,
    says: /verified: rolloutState=COMPLETED/,
  },
  {
    name: 'an image that crashes',
    image: 'crashing',
    inputs: service,
    exitCode: 1,
    says: /rolled back by the deployment circuit breaker|FAILED/,
  },
  {
    name: 'a task that ends with 0',
    image: 'healthy',
    inputs: {
      ...task,
      'run-task-container-overrides': command('npm', 'run', 'migrate'),
      'run-task-tags': '[{"key":"team","value":"web"}]',
    },
    exitCode: 0,
    says: /All tasks have stopped/,
  },
  {
    name: 'a task that ends with 3',
    image: 'healthy',
    inputs: { ...task, 'run-task-container-overrides': command('sh', '-c', 'exit 3') },
    exitCode: 1,
    says: /Run task failed/,
  },
  {
    name: 'a task on Fargate without a network',
    image: 'healthy',
    inputs: { ...task, 'run-task-subnets': '', 'run-task-security-groups': '' },
    exitCode: 1,
    says: /Network Configuration must be provided when networkMode 'awsvpc' is specified\./,
  },
  {
    name: 'a service that does not exist',
    image: 'healthy',
    inputs: { ...service, service: 'api' },
    exitCode: 1,
    says: /api is MISSING/,
  },
];

const taskDefinition = (image: string): object => ({
  family: 'production-web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: `arn:aws:iam::${accountId}:role/ecsTaskExecutionRole`,
  containerDefinitions: [
    { name: 'app', image: `${registry}/${repository}:${image}`, essential: true, portMappings: [{ containerPort: 80 }] },
  ],
});

const environment = (url: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  AWS_ENDPOINT_URL: url,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  NODE_NO_WARNINGS: '1',
  ...extra,
});

const directory = mkdtempSync(join(tmpdir(), 'slipway-clients-'));
const { url, stop } = await startEmulator();
try {
  const ecr = new ECRClient({ endpoint: url, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  for (const [imageTag, behaviour] of Object.entries(images))
    await ecr.send(new PutImageCommand({ repositoryName: repository, imageTag, imageManifest: manifest(behaviour, imageTag) }));

  let failed = 0;
  for (const { name, image, inputs, exitCode, says } of runs) {
    const file = join(directory, 'task-definition.json');
    writeFileSync(file, JSON.stringify(taskDefinition(image)));
    writeFileSync(join(directory, 'output'), '');
    const given = Object.entries({ 'task-definition': file, ...inputs }).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value]);
    const result = await outputOf(
      process.execPath,
      [join(action, 'dist/index.js')],
      environment(url, { GITHUB_WORKSPACE: directory, GITHUB_OUTPUT: join(directory, 'output'), ...Object.fromEntries(given) }),
    );
    const isAsExpected = result.exitCode === exitCode && says.test(result.output);
    if (!isAsExpected) failed++;
    console.log(`${isAsExpected ? 'ok' : 'NOT AS EXPECTED'}: ${name}: exit status ${result.exitCode}`);
    const said = `${result.output}${readFileSync(join(directory, 'output'), 'utf8')}`.split('\n');
    for (const line of said) if (line && !/^::debug::|ghadelimiter/.test(line)) console.log(`    ${line}`);
  }
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  stop();
  rmSync(directory, { recursive: true });
}
