import { AwsError, NotEmulated } from '../errors.js';

/**
 * What happens to a resource that leaves the stack. `RetainExceptOnCreate` keeps it, unless the operation that created it is
 * rolled back (AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy).
 */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';
const deletionPolicies: readonly string[] = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'] satisfies DeletionPolicy[];
// RetainExceptOnCreate is no value of UpdateReplacePolicy.
const replacePolicies: readonly string[] = ['Delete', 'Retain', 'Snapshot'];

export type Resource = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: DeletionPolicy;
  readonly UpdateReplacePolicy?: string;
};

export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
  readonly Parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
};

const sections = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Resources', 'Outputs', 'Parameters', 'Conditions', 'Mappings'];
const attributes = ['Type', 'Properties', 'DependsOn', 'Condition', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'];
const outputMembers = ['Value', 'Description', 'Export', 'Condition'];

const refuseUnknown = (value: object, known: readonly string[], place: string): void => {
  for (const key of Object.keys(value)) if (!known.includes(key)) throw new NotEmulated(`${key} of ${place}`);
};

/** An error of CloudFormation itself. */
export const validationError = (message: string): AwsError => new AwsError('ValidationError', message);

export const checkTemplate = (template: Readonly<Record<string, unknown>>): Template => {
  refuseUnknown(template, sections, 'a template');
  const { Resources, Outputs = {} } = template as Partial<Template>;
  if (!Resources || Object.keys(Resources).length === 0) throw validationError('At least one Resources member must be defined.');
  for (const [logicalId, resource] of Object.entries(Resources)) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) throw validationError(`logical ID ${logicalId} is not alphanumeric`);
    if (typeof resource.Type !== 'string') throw validationError(`resource ${logicalId} has no Type`);
    refuseUnknown(resource, attributes, `resource ${logicalId} (${resource.Type})`);
    const { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' } = resource;
    if (!deletionPolicies.includes(DeletionPolicy))
      throw validationError(`Template format error: Unrecognized DeletionPolicy ${DeletionPolicy} for resource ${logicalId}`);
    if (!replacePolicies.includes(UpdateReplacePolicy))
      throw validationError(`Template format error: Unrecognized UpdateReplacePolicy ${UpdateReplacePolicy} for resource ${logicalId}`);
  }
  for (const [name, output] of Object.entries(Outputs)) refuseUnknown(output, outputMembers, `output ${name}`);
  return template as Template;
};
