import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { PolicyDocument } from '../../emulator/iam/api.js';
import { identityToken } from '../support/identity-token.js';
import { bundled, type Ended, Machine } from './ci-machine.js';

export type Variables = Readonly<Record<string, string>>;
type Job = { readonly extends?: string; readonly variables?: Variables; readonly before_script?: string[]; readonly script?: string[] };

const pipeline = parse(readFileSync('examples/ci/.gitlab-ci.yml', 'utf8')) as Record<string, Job> & { readonly variables: Variables };

export const policy = (file: string): PolicyDocument => JSON.parse(readFileSync(`examples/policies/${file}`, 'utf8'));

/** As GitLab expands variables in the values of others. */
const expanded = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replace(/\$(\w+)/g, (_, other: string) => variables[other] ?? '')]),
  );

export const ofDefaultBranch = { sub: 'project_path:my-group/my-project:ref_type:branch:ref:main' };

/** Runs the jobs of .gitlab-ci.yml, one after the other in one folder, for a commit of the default branch. */
export class Runner {
  readonly machine: Machine;
  /** Variables of every job, in place of those of the file. */
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
    const client = bundled('test/examples/registry-client.ts');
    this.machine = new Machine({
      apk: 'true',
      aws: `${client} "$@"`,
      docker: `case "$1" in login) test -n "$(cat)" ;; *) ${client} "$@" ;; esac`,
    });
  }

  /** @param claims those of the job's token that are not of the default branch's */
  run(name: string, changes: Variables = {}, claims: object = {}): Promise<Ended> {
    const job = pipeline[name] as Job;
    const base = pipeline[job.extends ?? ''] ?? {};
    const token = { iss: 'https://gitlab.com', aud: 'https://gitlab.com', project_id: '12345678', ...ofDefaultBranch, ...claims };
    const variables = expanded({
      CI_COMMIT_SHA: '8c1b2d3e4f5061728394a5b6c7d8e9f001122334',
      CI_COMMIT_SHORT_SHA: '8c1b2d3e',
      CI_PROJECT_ID: '12345678',
      CI_PROJECT_URL: 'https://gitlab.com/my-group/my-project',
      CI_JOB_ID: '99',
      CI_JOB_TOKEN: 'token',
      CI_JOB_STARTED_AT: '2026-01-05T09:00:00Z',
      ...pipeline.variables,
      ...base.variables,
      ...job.variables,
      AWS_ID_TOKEN: identityToken(token),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...this.#variables,
      ...changes,
    });
    return this.machine.run([...(base.before_script ?? []), ...(job.script ?? [])], variables);
  }

  /** The variables that a job's dotenv report passes on. */
  passedOn(): Variables {
    const lines = readFileSync(join(this.machine.folder, 'push.env'), 'utf8').trim().split('\n');
    return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
  }
}
