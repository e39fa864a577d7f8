import { POLICY_LIMIT, POLICY_NAME, policySize, type Resource, type Statement, type Value } from './cloudformation.js';

export type Template = { readonly Resources?: Readonly<Record<string, Resource>> };

type Policy = { readonly PolicyName: string; readonly PolicyDocument: { readonly Version: string; readonly Statement: Statement[] } };

const KEPT_POLICY_NAME = 'slipway-previous';

/** With what a role would keep, its policies are longer than IAM allows. */
export class KeptPermissionsTooLong extends Error {
  override readonly name = 'KeptPermissionsTooLong';

  constructor(role: string) {
    super(
      `the policies of ${role} would be longer than IAM allows (${POLICY_LIMIT} characters) if executions that are running kept their ` +
        'permissions on the services that slipway.yml names no longer; deploy in steps, with fewer services less in each',
    );
  }
}

/**
 * Adds to the roles of a template what the deployed ones may do with services and their images and the new ones may not: an execution that runs while its
 * service is taken out of slipway.yml can then see its rollout to its end. What was kept is not kept again, so the next deploy revokes it.
 * Answers the logical IDs of the roles that keep something.
 * @throws KeptPermissionsTooLong
 */
export const keepPermissions = (template: Template, deployed: Template): string[] =>
  Object.entries(template.Resources ?? {})
    .filter(([name, role]) => {
      const before = deployed.Resources?.[name];
      if (role.Type !== 'AWS::IAM::Role' || before?.Type !== 'AWS::IAM::Role') return false;
      const now = statementsOf(role);
      const kept = statementsOf(before)
        .filter(isAboutServices)
        .flatMap((statement) => missingFrom(now, statement));
      if (kept.length === 0) return false;
      if (policySize([...now, ...kept]) > POLICY_LIMIT) throw new KeptPermissionsTooLong(name);
      policiesOf(role).push({ PolicyName: KEPT_POLICY_NAME, PolicyDocument: { Version: '2012-10-17', Statement: kept } });
      return true;
    })
    .map(([name]) => name);

const policiesOf = ({ Properties }: Resource): Policy[] => (Properties.Policies ?? []) as Policy[];

const statementsOf = (role: Resource): Statement[] =>
  policiesOf(role)
    .filter(({ PolicyName }) => PolicyName === POLICY_NAME)
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

/** To deploy, to verify and to look for findings. Other permissions, such as to pass a role, are revoked at once. */
const isAboutServices = ({ Action }: Statement): boolean =>
  [Action].flat().every((action) => /^(?:ec[rs]|cloudwatch|inspector2):|^lambda:InvokeFunction$/.test(action));

/** The statement for those of its resources on which no other statement allows the same. */
const missingFrom = (statements: readonly Statement[], old: Statement): Statement[] => {
  const same = statements.filter(
    ({ Action, Condition }) =>
      [old.Action].flat().every((action) => [Action].flat().includes(action)) &&
      JSON.stringify(Condition) === JSON.stringify(old.Condition),
  );
  const granted = same.flatMap(({ Resource }) => Resource);
  const missing = [old.Resource].flat().filter((resource) => !granted.some((pattern) => covers(pattern, resource)));
  return missing.length === 0 ? [] : [{ ...old, Resource: missing }];
};

const textOf = (value: Value): string => (typeof value === 'object' && 'Fn::Sub' in value ? value['Fn::Sub'] : JSON.stringify(value));

/** Whether a pattern such as `service/production/*` matches everything that the other one matches. */
const covers = (pattern: Value, other: Value): boolean => {
  const parts = textOf(pattern)
    .split('*')
    .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(textOf(other));
};

/** What the plugin uses of the Serverless Framework. */
export type Framework<Provider> = {
  readonly service: { readonly provider: { readonly compiledCloudFormationTemplate: Template } };
  getProvider(name: 'aws'): Provider;
};

/**
 * A plugin that compares the template with the deployed one, before `serverless deploy` looks for changes. Packaging does not run it.
 *
 * @param readDeployed answers the text of the deployed template
 */
export const keepPermissionsPlugin = <Provider>(readDeployed: (provider: Provider) => Promise<string>) =>
  class {
    readonly hooks: Readonly<Record<string, () => Promise<void>>>;

    constructor(framework: Framework<Provider>) {
      this.hooks = {
        'before:aws:deploy:deploy:checkForChanges': async () => {
          const deployed = JSON.parse(await readDeployed(framework.getProvider('aws'))) as Template;
          const kept = keepPermissions(framework.service.provider.compiledCloudFormationTemplate, deployed);
          if (kept.length > 0) process.stderr.write(`${KEPT}\n`);
        },
      };
    }
  };

const KEPT =
  'slipway.yml names less than is deployed. Until the next deploy the functions keep their permissions on the rest, for executions that are running.';
