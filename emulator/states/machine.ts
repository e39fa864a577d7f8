import type { Definition } from './definition/definition.js';

/** A state machine as it is now. An execution keeps the definition and the role that it started with. */
export type Machine = {
  readonly arn: string;
  readonly name: string;
  roleArn: string;
  definition: Definition;
  readonly creationDate: Date;
  /** Of its last update; before one, of its creation. */
  updateDate: Date;
  status: 'ACTIVE' | 'DELETING';
  /** Only after an update, as on AWS. */
  revisionId: string | undefined;
};
