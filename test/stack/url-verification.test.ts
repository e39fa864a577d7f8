import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { givenPackagedStack } from '../support/packaged-stack.js';

type Template = {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>>;
};

const templateIn = (directory: string) =>
  JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8')) as Template;

/** Logical IDs of the resources in which a text occurs. */
const having = ({ Resources }: Template, text: string) =>
  Object.entries(Resources).flatMap(([name, { Properties }]) => (JSON.stringify(Properties).includes(text) ? [name] : []));

test('with stack.vpc, verifyUrl alone is in the VPC, and only Lambda itself may use its role on network interfaces', async () => {
  const template = templateIn((await givenPackagedStack('test/support/hardened.yml')).directory);

  expect(template.Resources.VerifyUrlLambdaFunction?.Properties.VpcConfig).toEqual({
    SubnetIds: ['subnet-0a1b2c3d'],
    SecurityGroupIds: ['sg-0a1b2c3d'],
  });
  expect(having(template, 'VpcConfig')).toEqual(['VerifyUrlLambdaFunction']);
  expect(having(template, 'ec2:')).toEqual(['VerifyUrlRole']);
  const { Policies } = template.Resources.VerifyUrlRole?.Properties ?? {};
  expect(Policies).toMatchObject([
    { PolicyDocument: { Statement: [{ Condition: { Null: { 'lambda:SourceFunctionArn': 'true' } } }, {}, {}] } },
  ]);
});

test('without stack.vpc, no function is in a VPC, and no role may use EC2', () => {
  const template = templateIn('.serverless');

  expect([having(template, 'VpcConfig'), having(template, 'ec2:')]).toEqual([[], []]);
});

test('the bundle of verifyUrl has no SDK: of its modules, node:https and node:dns alone reach out', () => {
  const [bundle = new Uint8Array()] = Object.values(unzipSync(readFileSync('.serverless/verifyUrl.zip')));
  const text = Buffer.from(bundle).toString();

  expect([...new Set(text.match(/(?<=\brequire\(")[^"]+/g))].sort()).toEqual([
    'node:console',
    'node:crypto',
    'node:dns',
    'node:https',
    'node:timers',
  ]);
  expect(text).not.toMatch(/aws-sdk|smithy|serviceId/);
  expect(bundle.length).toBeLessThan(50_000);
});
