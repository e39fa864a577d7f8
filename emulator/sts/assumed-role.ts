/** A role acts as an assumed role: `arn:aws:sts::…:assumed-role/<role>/<session>`. */
export const assumedRole = (roleArn: string, session: string): string =>
  roleArn.replace(/^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/, `arn:$1:sts::$2:assumed-role/$3/${session}`);
