import { createRequire } from 'node:module';
import type { Statement } from '../../stack/cloudformation.js';
import {
  type Framework,
  KeptPermissionsTooLong,
  keepPermissions,
  keepPermissionsPlugin,
  type Template,
} from '../../stack/kept-permissions.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { functionRoles } from '../../stack/roles.js';
import { loadSteps, type RegisteredStep } from '../../stack/steps.js';

let steps: readonly RegisteredStep[];

beforeAll(async () => {
  steps = await loadSteps();
});

const templateWith = (services: readonly string[], more = ''): Template => {
  const configuration = parseConfiguration(
    `repositories: {app: {tags: [v1], stages: [{name: only, services: [${services}]}]}}\n${more}`,
    'slipway.yml',
  );
  return { Resources: functionRoles(steps, { stage: 'dev', configuration }).roles };
};

type Policy = { readonly PolicyName: string; readonly PolicyDocument: { readonly Statement: Statement[] } };

const keptBy = ({ Resources = {} }: Template, role: string): Statement[] =>
  ((Resources[role]?.Properties.Policies ?? []) as Policy[])
    .filter(({ PolicyName }) => PolicyName === 'slipway-previous')
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

const ecs = (resource: string) => ({ 'Fn::Sub': `arn:$\{AWS::Partition}:ecs:$\{AWS::Region}:$\{AWS::AccountId}:${resource}` });

test('a service that is taken out stays permitted for one deploy', () => {
  const first = templateWith(['production/web', 'production/worker']);
  const second = templateWith(['production/web']);
  const third = templateWith(['production/web']);

  expect(keepPermissions(second, first).sort()).toEqual([
    'PassGatesRole',
    'QueryRole',
    'RegisterRevisionRole',
    'RollBackRole',
    'UpdateServiceRole',
    'VerifyRole',
    'WatchRolloutRole',
  ]);
  expect(keptBy(second, 'RollBackRole')).toEqual([
    {
      Effect: 'Allow',
      Action: expect.arrayContaining(['ecs:StopServiceDeployment', 'ecs:UpdateService']),
      Resource: [
        ecs('service/production/worker'),
        ecs('service-deployment/production/worker/*'),
        ecs('service-revision/production/worker/*'),
      ],
    },
  ]);
  expect(keepPermissions(third, second)).toEqual([]);
});

test('a cluster that is taken out stays permitted, with its tasks', () => {
  const next = templateWith(['production/web']);
  keepPermissions(next, templateWith(['production/web', 'staging/web']));

  expect(keptBy(next, 'WatchRolloutRole')).toContainEqual(
    expect.objectContaining({
      Action: ['ecs:ListTasks'],
      Condition: { ArnEquals: { 'ecs:cluster': [ecs('cluster/production'), ecs('cluster/staging')] } },
    }),
  );
  expect(keptBy(next, 'WatchRolloutRole')).toContainEqual(
    expect.objectContaining({ Action: ['ecs:DescribeTasks'], Resource: [ecs('task/staging/*')] }),
  );
});

test('a repository that is taken out stays readable', () => {
  const withRepository = (name: string): Template => {
    const { Resources = {} } = templateWith(['production/web']);
    return JSON.parse(JSON.stringify({ Resources }).replaceAll('repository/app', `repository/${name}`));
  };
  const next = withRepository('new');

  expect(keepPermissions(next, withRepository('old'))).toContain('PlanReleaseRole');
  expect(JSON.stringify(keptBy(next, 'PlanReleaseRole'))).toContain('repository/old');
});

test('nothing is kept if services are added, or named by their cluster now', () => {
  const many = Array.from({ length: 100 }, (_, index) => `production/service-${index}`);

  expect(keepPermissions(templateWith(['production/web', 'production/worker']), templateWith(['production/web']))).toEqual([]);
  expect(keepPermissions(templateWith(many), templateWith(many.slice(0, 20)))).toEqual([]);
});

test('other permissions are revoked at once', () => {
  const roles = (name: string) => `passRoles: ["arn:aws:iam::123456789012:role/${name}"]`;

  expect(keepPermissions(templateWith(['production/web'], roles('new')), templateWith(['production/web'], roles('old')))).toEqual([]);
});

test('what would be longer than IAM allows is not deployed', () => {
  const services = (prefix: string) => Array.from({ length: 25 }, (_, index) => `production/${prefix}-service-${index}`);

  expect(() => keepPermissions(templateWith(services('new')), templateWith(services('old')))).toThrow(KeptPermissionsTooLong);
});

describe('the plugin', () => {
  const given = (next: Template, deployed: Template) => {
    const Plugin = keepPermissionsPlugin<string>(async (provider) => (provider === 'aws' ? JSON.stringify(deployed) : ''));
    const framework: Framework<string> = {
      service: { provider: { compiledCloudFormationTemplate: next } },
      getProvider: (name) => name,
    };
    return new Plugin(framework).hooks;
  };

  test('changes the template before the Framework looks for changes, and says so', async () => {
    const next = templateWith(['production/web']);
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

    await given(next, templateWith(['production/web', 'production/worker']))['before:aws:deploy:deploy:checkForChanges']?.();

    expect(keptBy(next, 'RollBackRole')).toHaveLength(1);
    expect(write.mock.calls.join()).toContain('for executions that are running');
    write.mockRestore();
  });

  test('is a plugin that the Framework can load, and asks for the template of its stack', async () => {
    const Plugin = createRequire(import.meta.url)('../../stack/keep-permissions-plugin.cjs') as ReturnType<
      typeof keepPermissionsPlugin<object>
    >;
    const next = templateWith(['production/web']);
    const asked: unknown[] = [];
    const send = async ({ input }: { input: unknown }) => {
      asked.push(input);
      return { TemplateBody: JSON.stringify(templateWith(['production/web', 'production/worker'])) };
    };
    const provider = { naming: { getStackName: () => 'slipway-dev' }, getCloudFormationClient: async () => ({ send }) };
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

    const { hooks } = new Plugin({ service: { provider: { compiledCloudFormationTemplate: next } }, getProvider: () => provider });
    await hooks['before:aws:deploy:deploy:checkForChanges']?.();

    expect(asked).toEqual([{ StackName: 'slipway-dev', TemplateStage: 'Original' }]);
    expect(keptBy(next, 'RollBackRole')).toHaveLength(1);
    write.mockRestore();
  });
});
