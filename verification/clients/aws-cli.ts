import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf, startEmulator } from './emulator.js';

/*
 * Runs the AWS CLI, unmodified, against `npm start`: the commands that the documentation shows, and waiters. README.md says what it
 * said. Real seconds pass: most waiters sleep 15 s between two requests.
 */

const cli = process.env.AWS_CLI ?? 'aws';
const version = await outputOf(cli, ['--version'], process.env).catch(() => undefined);
if (version === undefined) {
  console.log(`skipped: there is no ${cli}`);
  process.exit(0);
}
console.log(version.output.trim());

/** Operations in the documentation that are not emulated: the CLI says so. */
const notEmulated = ['DeleteSecret', 'DescribeRule', 'GetFunctionConcurrency', 'ListEventSourceMappings', 'StartMessageMoveTask'];

const directory = mkdtempSync(join(tmpdir(), 'slipway-clients-'));
let failed = 0;

/** Runs the text of a shell, whose output is a pipe: /dev/stdout of a socket cannot be opened; whether it failed is what the CLI says of each request, or the status of its last command. */
const run = async (title: string, script: string, region: string): Promise<void> => {
  const { exitCode, output } = await outputOf('bash', ['-o', 'pipefail', '-c', `{ ${script}\n} 2>&1 | cat`], {
    PATH: process.env.PATH,
    HOME: directory,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_DEFAULT_REGION: region,
    AWS_PAGER: '',
  });
  const refusals = [...output.matchAll(/\((\w+)\) when calling the (\w+) operation/g)];
  const surprising = refusals.filter(([, code, operation = '']) => code !== 'NotEmulated' || !notEmulated.includes(operation));
  const isKnown = !/Invalid choice|Unknown options/i.test(output);
  const isAsExpected = surprising.length === 0 && (exitCode === 0 || refusals.length > 0 || !isKnown);
  if (!isAsExpected) failed++;
  const note = isKnown ? '' : ', not in this version';
  console.log(`${isAsExpected ? 'ok' : 'NOT AS EXPECTED'}${note}: ${title}: exit status ${exitCode}`);
  if (!isKnown) return;
  for (const line of output
    .trim()
    .split('\n')
    .slice(0, isAsExpected ? 4 : 40))
    console.log(`    ${line}`);
};

const blocksOf = (page: string, language: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, 'gm'))].map(
    ([, , text = '']) => text,
  );

const commandsOf = (page: string): string[] => blocksOf(page, 'sh').filter((text) => /^ *(aws|queue=|for) /m.test(text));
const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** docs/rehearse.md as it stands, with the port that is free, and a task definition as its second section describes. */
const rehearse = async (): Promise<void> => {
  const page = 'docs/rehearse.md';
  const configuration = join(directory, 'shop.yml');
  writeFileSync(configuration, blocksOf(page, 'yaml')[0] ?? '');
  const definition = join(directory, 'shop-api.json');
  const logConfiguration = {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/ecs/shop-api', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'ecs' },
  };
  const image = '111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/api:v1';
  writeFileSync(
    definition,
    JSON.stringify({
      taskDefinition: {
        taskDefinitionArn: 'arn:aws:ecs:us-east-1:111122223333:task-definition/shop-api:7',
        family: 'shop-api',
        executionRoleArn: 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole',
        containerDefinitions: [{ name: 'api', image, essential: true, memory: 512, logConfiguration }],
      },
    }),
  );
  const { url, stop } = await startEmulator('--config', configuration, '--task-definition', `shop/api=${definition}`);
  try {
    for (const text of commandsOf(page).filter((one) => one.includes('--endpoint-url')))
      await run(
        `${page}: ${firstLine(text)}`,
        `aws() { command ${cli} "$@"; }\n${text.replaceAll('http://127.0.0.1:4566', url)}`,
        'us-east-1',
      );
  } finally {
    stop();
  }
};

const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-deployment';
const newest = (list: string, query: string): string => `$(aws ${list} --query '${query}' --output text --no-paginate)`;
const serviceDeployment = newest(
  'ecs list-service-deployments --cluster production --service web',
  'serviceDeployments[0].serviceDeploymentArn',
);

/** What a reader of docs/operations.md fills in. */
const filledIn: readonly (readonly [RegExp, string])[] = [
  [/slipway-prod/g, 'slipway-dev'],
  [
    /(--execution-arn) <[^>]+>/g,
    `$1 ${newest(`stepfunctions list-executions --state-machine-arn ${machine}`, 'executions[0].executionArn')}`,
  ],
  // One that is in progress.
  [
    /^( *)(.*--service-deployment-arn) <[^>]+>/gm,
    `aws ecs update-service --cluster production --service web --force-new-deployment --query service.status
$2 ${serviceDeployment}`,
  ],
  [
    /(--task-definition) <[^>]+>/g,
    `$1 ${newest('ecs describe-services --cluster production --services web', 'services[0].taskDefinition')}`,
  ],
  [/<its pk>/g, 'service#production/web'],
  [/<its sk>/g, 'state'],
];

const operations = async (url: string): Promise<void> => {
  const page = 'docs/operations.md';
  const event = readFileSync('events/push.json', 'utf8').replaceAll("'", '');
  // An event that was not delivered, for the commands that read it.
  const before = `machine=${machine}
cd ${directory}
aws() { command ${cli} --endpoint-url ${url} "$@"; }
queue=$(aws sqs get-queue-url --queue-name slipway-dev-undelivered-pushes --query QueueUrl --output text)
`;
  await run('an event that was not delivered', `${before}aws sqs send-message --queue-url "$queue" --message-body '${event}'`, 'eu-west-1');
  await run(
    'a deployment',
    `${before}aws stepfunctions start-execution --state-machine-arn $machine --input '{"service": "production/web", "redeploy": true, "by": "ada", "reason": "a test"}'; sleep 5`,
    'eu-west-1',
  );
  for (const text of commandsOf(page)) {
    const filled = filledIn.reduce((each, [placeholder, value]) => each.replace(placeholder, value), text);
    await run(`${page}: ${firstLine(text)}`, before + filled, 'eu-west-1');
  }
};

const network = "--network-configuration 'awsvpcConfiguration={subnets=[subnet-0a1b2c3d]}'";
const waiters: readonly string[] = [
  'aws ecs wait services-stable --cluster production --services web worker',
  `aws ecs create-service --cluster production --service-name api --task-definition production-web --desired-count 1 --launch-type FARGATE ${network} > /dev/null
aws ecs wait services-stable --cluster production --services api
aws ecs delete-service --cluster production --service api --force > /dev/null
aws ecs wait services-inactive --cluster production --services api`,
  `task=$(aws ecs run-task --cluster production --task-definition production-web --launch-type FARGATE ${network} --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-running --cluster production --tasks $task
aws ecs stop-task --cluster production --task $task > /dev/null
aws ecs wait tasks-stopped --cluster production --tasks $task`,
  `aws ecr create-repository --repository-name scanned --image-scanning-configuration scanOnPush=true > /dev/null
aws ecr put-image --repository-name scanned --image-tag v1 --image-manifest file://events/images/healthy.json > /dev/null
aws ecr wait image-scan-complete --repository-name scanned --image-id imageTag=v1`,
  'aws dynamodb wait table-exists --table-name slipway-dev',
  'aws cloudformation wait stack-create-complete --stack-name slipway-dev',
];

try {
  await rehearse();
  // Slow enough that a rollout is in progress when it is to be stopped.
  const { url, stop } = await startEmulator('--speed', '15');
  try {
    const through = `aws() { command ${cli} --endpoint-url ${url} "$@"; }\nset -e\n`;
    for (const script of waiters) await run(script.split('\n').at(-1) ?? '', through + script, 'eu-west-1');
    await operations(url);
  } finally {
    stop();
  }
} finally {
  rmSync(directory, { recursive: true });
}
process.exitCode = failed > 0 ? 1 : 0;
