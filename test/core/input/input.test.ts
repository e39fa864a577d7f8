import { type CommandName, controlExample } from '../../../core/input/control-input.js';
import { parseDeploymentInput, rejectForeignImage } from '../../../core/input/deployment-input.js';
import { parseReleaseInput } from '../../../core/input/release-input.js';
import { digest, execution, later, registry, releaseExecution, revisionArn, startedAt } from '../given.js';

const rollbackExampleOfRelease =
  '{"repository": "my-learn-app", "rollback": true, "stage": "production", "by": "ada", "reason": "wrong prices"}';
const rollbackOfRelease = `expected an object such as ${rollbackExampleOfRelease}`;
const releaseExample = 'expected an object such as {"repository": "my-learn-app", "tag": "v1.4.2"}';
const asInRelease = 'as in {"repository": "my-learn-app", "tag": "v1.4.2"}';
const deploymentExample = '{"service": "production/web", "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:v1.4.2"}';

const rollbackExample = '{"service": "production/web", "rollback": true, "by": "ada", "reason": "wrong prices"}';
const resumeExample = '{"resume": "service#production/web deployment#2026-11-27T14:05:00.000Z 0f3c"}';
const forControl = (command: CommandName) =>
  `this is a command for the function slipway-dev-control: invoke it with ${controlExample(command)}`;

describe('a release started by an operator', () => {
  test.each([
    [{}, `the input is empty; ${releaseExample}`],
    [[], `the input is a list ([]); ${releaseExample}`],
    [['v1'], `the input is a list (["v1"]); ${releaseExample}`],
    [null, `the input is null (null); ${releaseExample}`],
    ['v1', `the input is a string ("v1"); ${releaseExample}`],
    [42, `the input is a number (42); ${releaseExample}`],
    [true, `the input is a boolean (true); ${releaseExample}`],
    [{ tag: 'v1' }, `the input has no "repository"; ${releaseExample}`],
    [
      { repository: 'app', tag: 'v1', reason: 'x'.repeat(501) },
      expect.stringMatching(/^"reason" of the input is "x+; expected 500 characters at most, as in /) as string,
    ],
    [{ repository: 7, tag: 'v1' }, `"repository" of the input is 7; expected text, ${asInRelease}`],
    [{ repository: null, tag: 'v1' }, `"repository" of the input is null; expected text, ${asInRelease}`],
    [{ repository: '', tag: 'v1' }, `"repository" of the input is ""; expected text, ${asInRelease}`],
    [{ repository: 'app', tag: ['v1'] }, `"tag" of the input is ["v1"]; expected text, ${asInRelease}`],
    [{ repository: 'app', tag: '' }, `"tag" of the input is ""; expected text, ${asInRelease}`],
    [{ repository: 'app', tag: 'v1', force: 'yes' }, `"force" of the input is "yes"; expected true or false, ${asInRelease}`],
    [{ repository: 'app', tag: 'v1', by: 3 }, `"by" of the input is 3; expected text, ${asInRelease}`],
    [{ repository: 'app', tag: 'v1', reason: '' }, `"reason" of the input is ""; expected text, ${asInRelease}`],
    [
      { repository: 'app', tag: 'v1', forse: true },
      `the input has the unknown key "forse": true (did you mean "force"?); ${releaseExample}`,
    ],
    [{ repository: 'app', tag: 'v1', detail: { a: 1 } }, `the input has the unknown key "detail": {"a":1}; ${releaseExample}`],
    [
      { service: 'production/web', image: `${registry}/app:v1` },
      `"service" is not a key of this machine's input: to deploy one service, start the machine slipway-dev-deployment with it`,
    ],
    [{ service: 'production/web', cancel: true }, forControl('cancel')],
    [
      { command: 'approve', repository: 'app', stage: 'production', digest },
      expect.stringMatching(/^this is a command for the function slipway-dev-decide: invoke it with {"command": "approve", /) as string,
    ],
    [
      { command: 'cancel', repository: 'app', stage: 'production' },
      expect.stringMatching(/^this is a command for the function slipway-dev-control: .*"command": "cancel", "repository"/) as string,
    ],
    [{ service: 'production/web', rollback: true }, expect.stringContaining('slipway-dev-deployment') as string],
    [{ rollback: true }, `the input has no "repository"; ${rollbackOfRelease}`],
    [{ repository: 'app', rolback: true }, `the input has the unknown key "rolback": true (did you mean "rollback"?); ${releaseExample}`],
    [
      { repository: 'app', rollback: true, service: 'production/web' },
      `the input has the unknown key "service": "production/web"; ${rollbackOfRelease}`,
    ],
    [{ repository: 'app', rollback: false }, `"rollback" of the input is false; expected true, as in ${rollbackExampleOfRelease}`],
    [{ repository: 'app', rollback: 'yes' }, `"rollback" of the input is "yes"; expected true, as in ${rollbackExampleOfRelease}`],
    [
      { repository: 'app', rollback: true, release: 'main 7' },
      `"release" of the input is "main 7"; expected the name of an execution of the release machine, or its ARN, as in ${rollbackExampleOfRelease}`,
    ],
    [
      { repository: 'app', rollback: true, tag: 'v1' },
      `the input has both "rollback" and "tag"; a rollback goes back to what ran before a release, and waits for no gate: ${rollbackOfRelease}`,
    ],
    [
      { repository: 'app', rollback: true, force: true },
      `the input has both "rollback" and "force"; a rollback goes back to what ran before a release, and waits for no gate: ${rollbackOfRelease}`,
    ],
    [
      { repository: 'app', tag: 'v1', stage: 'production' },
      `the input has "stage" without "rollback"; expected "rollback": true, as in ${rollbackExampleOfRelease}`,
    ],
    [
      { repository: 'app', rollback: true, stages: 'x' },
      `the input has the unknown key "stages": "x" (did you mean "stage"?); ${rollbackOfRelease}`,
    ],
    [
      { repository: 'app', tag: 'v1', release: 'push-1' },
      `the input has "release" without "rollback"; expected "rollback": true, as in ${rollbackExampleOfRelease}`,
    ],
    [{ repository: 'app', tag: 'v1', ignoreWindow: 'yes' }, `"ignoreWindow" of the input is "yes"; expected true or false, ${asInRelease}`],
    [
      { repository: 'app', tag: 'v1', ignoreWindows: true },
      `the input has the unknown key "ignoreWindows": true (did you mean "ignoreWindow"?); ${releaseExample}`,
    ],
    [{ repository: 'app' }, `the input has neither "tag" nor "digest"; expected one of them, ${asInRelease}`],
    [{ repository: 'app', tag: 'v1', digest }, `the input has both "tag" and "digest"; expected one of them, ${asInRelease}`],
    [
      { repository: 'app', digest: 'sha256:12' },
      `"digest" of the input is "sha256:12"; expected sha256: and 64 hexadecimal digits, ${asInRelease}`,
    ],
    [
      { repository: 'app', digest: digest.toUpperCase() },
      `"digest" of the input is "${digest.toUpperCase()}"; expected sha256: and 64 hexadecimal digits, ${asInRelease}`,
    ],
  ])('%j is rejected with the error and an example', (input, message) => {
    expect(() => parseReleaseInput(input, execution)).toThrow(
      expect.objectContaining({
        name: 'RejectedInput',
        message,
        result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message },
      }),
    );
  });

  test('a long value is cut', () => {
    expect(() => parseReleaseInput('x'.repeat(5000), execution)).toThrow(`(${`"${'x'.repeat(119)}`}); expected`);
  });

  test('by tag, with the operator and the reason', () => {
    expect(parseReleaseInput({ repository: 'team/app', tag: 'v1', by: 'ann', reason: 'hotfix', force: true }, execution)).toEqual({
      kind: 'hand',
      repository: 'team/app',
      tag: 'v1',
      force: true,
      ignoreWindow: false,
      ignoreScan: false,
      trigger: { kind: 'hand', by: 'ann', reason: 'hotfix' },
    });
  });

  test('past windows and freezes, which is a word of its own', () => {
    expect(parseReleaseInput({ repository: 'app', tag: 'v1', ignoreWindow: true }, execution)).toMatchObject({
      kind: 'hand',
      force: false,
      ignoreWindow: true,
    });
  });

  test('past the scan of the image, and past nothing else', () => {
    expect(parseReleaseInput({ repository: 'app', tag: 'v1', ignoreScan: true }, execution)).toMatchObject({
      force: false,
      ignoreWindow: false,
      ignoreScan: true,
    });
  });

  test.each(['push-1', '3c2f2a60-5b0d-4f0e-9d55-2f1b6f0f2d3c_8e', releaseExecution])('that rolls back release %s', (release) => {
    expect(parseReleaseInput({ repository: 'app', rollback: true, release, by: 'ada' }, execution)).toEqual({
      kind: 'rollback',
      repository: 'app',
      release,
      trigger: { kind: 'hand', by: 'ada' },
    });
  });

  test('that rolls back one stage', () => {
    expect(parseReleaseInput({ repository: 'app', rollback: true, stage: 'production' }, execution)).toEqual({
      kind: 'rollback',
      repository: 'app',
      stage: 'production',
      trigger: { kind: 'hand' },
    });
  });

  test('that rolls back the last release', () => {
    expect(parseReleaseInput({ repository: 'app', rollback: true }, execution)).toEqual({
      kind: 'rollback',
      repository: 'app',
      trigger: { kind: 'hand' },
    });
  });

  test('by digest, without optional keys', () => {
    expect(parseReleaseInput({ repository: 'app', digest }, execution)).toEqual({
      kind: 'hand',
      repository: 'app',
      digest,
      force: false,
      ignoreWindow: false,
      ignoreScan: false,
      trigger: { kind: 'hand' },
    });
  });

  test('the key that Step Functions adds to the input of a child execution is accepted', () => {
    expect(
      parseReleaseInput({ repository: 'app', tag: 'v1', AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: execution }, execution),
    ).toMatchObject({
      tag: 'v1',
    });
  });
});

describe('a deployment started by an operator', () => {
  const bad = (shown: string) =>
    `"image" of the input is ${shown}; expected an image of Amazon ECR with a tag or a digest, as in ${deploymentExample}`;

  test.each([
    [{}, `the input is empty; expected an object such as ${deploymentExample}`],
    [[], `the input is a list ([]); expected an object such as ${deploymentExample}`],
    [null, `the input is null (null); expected an object such as ${deploymentExample}`],
    [{ image: `${registry}/app:v1` }, `the input has no "service"; expected an object such as ${deploymentExample}`],
    [
      { service: 'production/web' },
      `the input has none of "image", "taskDefinition", "rollback", "redeploy"; expected one of them, as in ${deploymentExample}`,
    ],
    [{ service: 1, image: `${registry}/app:v1` }, `"service" of the input is 1; expected text, as in ${deploymentExample}`],
    [
      { service: 'production/web', image: `${registry}/app:v1`, rollback: true },
      `the input has both "image" and "rollback"; expected one of them, as in ${deploymentExample}`,
    ],
    [
      { service: 'production/web', rolback: true },
      `the input has the unknown key "rolback": true (did you mean "rollback"?); expected an object such as ${rollbackExample}`,
    ],
    [
      { Service: 'production/web', rollback: true },
      `the input has the unknown key "Service": "production/web" (did you mean "service"?); expected an object such as ${rollbackExample}`,
    ],
    [{ promote: '' }, `the input has the unknown key "promote": ""; expected an object such as ${deploymentExample}`],
    [
      { service: 'production/web', rollback: true, slackToken: 'xyzzy' },
      `the input has the unknown key "slackToken": ***; expected an object such as ${rollbackExample}`,
    ],
    [
      { service: 'production/web', rollback: true, webhook: 'https://hooks.slack.com/services/T0/B0/xyzzy' },
      `the input has the unknown key "webhook": "https://hooks.slack.com/***"; expected an object such as ${rollbackExample}`,
    ],
    [{ service: 'production/web', rollback: 'true' }, `"rollback" of the input is "true"; expected true, as in ${rollbackExample}`],
    [{ service: 'production/web', rollback: true, by: 3 }, `"by" of the input is 3; expected text, as in ${rollbackExample}`],
    [
      { service: 'production/web', redeploy: 1 },
      `"redeploy" of the input is 1; expected true, as in {"service": "production/web", "redeploy": true}`,
    ],
    [
      { service: 'production/web', redeploy: true, repository: 'acme/app' },
      `the input has the key "repository", which only a rollback has; expected an object such as ${rollbackExample}`,
    ],
    [
      { service: 'production/web', taskDefinition: 'web' },
      `"taskDefinition" of the input is "web"; expected a family and a revision, such as web:41, as in {"service": "production/web", "taskDefinition": "web:41"}`,
    ],
    [
      { service: 'production/web', release: 'web' },
      `"release" of the input is "web"; expected the name of a release’s record, as in ${deploymentExample}`,
    ],
    [{ resume: 'web' }, `"resume" of the input is "web"; expected the name of a deployment’s record, as in ${resumeExample}`],
    [{ resume: '' }, `"resume" of the input is ""; expected the name of a deployment’s record, as in ${resumeExample}`],
    [
      { resume: 'service#production/web deployment#1', service: 'production/web' },
      `the input has the unknown key "service": "production/web"; expected an object such as ${resumeExample}`,
    ],
    [{ service: 'production/web', image: 'nginx:1.27' }, bad('"nginx:1.27"')],
    [{ service: 'production/web', image: 'ghcr.io/me/app:v1' }, bad('"ghcr.io/me/app:v1"')],
    [{ service: 'production/web', image: `${registry}/app` }, bad(`"${registry}/app"`)],
    [{ service: 'production/web', image: `${registry}/app@sha256:12` }, bad(`"${registry}/app@sha256:12"`)],
    [{ service: 'production/web', image: `${registry}/app:v 1` }, bad(`"${registry}/app:v 1"`)],
    [{ service: 'production/web', hold: true }, forControl('hold')],
    [{ service: '*', hold: false }, forControl('unhold')],
    [{ service: 'production/web', cancel: true }, forControl('cancel')],
    [{ command: 'hold', service: 'production/web' }, forControl('hold')],
    [
      { repository: 'my-learn-app', tag: 'v1' },
      `"repository" is not a key of this machine's input: to deploy the image of a repository, start the machine slipway-dev-release with it`,
    ],
  ])('%j is rejected with the error and an example', (input, message) => {
    expect(() => parseDeploymentInput(input, execution)).toThrow(expect.objectContaining({ name: 'RejectedInput', message }));
  });

  test('by tag and digest', () => {
    expect(parseDeploymentInput({ service: 'production/web', image: `${registry}/team/app:v1@${digest}` }, execution)).toEqual({
      kind: 'deploy',
      service: 'production/web',
      operation: { kind: 'image' },
      isForced: false,
      image: { registry, repository: 'team/app', tag: 'v1', digest },
      trigger: { kind: 'hand' },
      release: '',
    });
  });

  test('by a release, whose record has the image', () => {
    const release = 'repository#app release#1';

    expect(
      parseDeploymentInput({ service: 'production/web', release, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: execution }, execution),
    ).toEqual({
      kind: 'deploy',
      service: 'production/web',
      operation: { kind: 'image' },
      isForced: false,
      image: undefined,
      trigger: { kind: 'hand' },
      release,
    });
  });

  const trigger = { kind: 'hand' };
  const order = { kind: 'deploy', service: 'production/web', image: undefined, trigger, isForced: false, release: '' };

  test.each<[object, object]>([
    [{ rollback: true }, { ...order, operation: { kind: 'rollback' } }],
    [
      { rollback: true, repository: 'acme/app' },
      { ...order, operation: { kind: 'rollback', repository: 'acme/app' } },
    ],
    [
      { redeploy: true, force: true },
      { ...order, operation: { kind: 'redeploy' }, isForced: true },
    ],
    [{ taskDefinition: 'web:41' }, { ...order, operation: { kind: 'taskDefinition', taskDefinition: 'web:41' } }],
    [{ taskDefinition: revisionArn(41) }, { ...order, operation: { kind: 'taskDefinition', taskDefinition: revisionArn(41) } }],
    [
      { rollback: true, by: 'ann', reason: 'slow' },
      { ...order, operation: { kind: 'rollback' }, trigger: { kind: 'hand', by: 'ann', reason: 'slow' } },
    ],
  ])('%j is parsed', (input, expected) => {
    expect(parseDeploymentInput({ service: 'production/web', ...input }, execution)).toEqual(expected);
  });

  test('the sweep names the record to resume', () => {
    const record = 'service#production/web deployment#1';

    expect(parseDeploymentInput({ resume: record }, execution)).toEqual({ kind: 'resume', record });
    expect(parseDeploymentInput({ resume: record, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: execution }, execution)).toEqual({
      kind: 'resume',
      record,
    });
  });

  test.each([
    '999999999999.dkr.ecr.eu-west-1.amazonaws.com',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    '123456789012.dkr-ecr.us-east-1.on.aws',
  ])('an image in %s is rejected: the lookup would find an image of our registry with the same name', (elsewhere) => {
    const image = { registry: elsewhere, repository: 'app', tag: 'v1', digest: undefined };

    expect(() => rejectForeignImage(image, execution)).toThrow(
      /^image app is in account \d+ and Region us-east-1|^image app is in account 999999999999/,
    );
  });

  test.each([registry, '123456789012.dkr-ecr.eu-west-1.on.aws', '123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com'])(
    'an image in %s is one of ours',
    (ours) => {
      expect(rejectForeignImage({ registry: ours, repository: 'app', tag: 'v1', digest: undefined }, execution)).toBeUndefined();
    },
  );
});

test.each([
  ['main-7', true],
  ['v'.repeat(128), true],
  ['v'.repeat(300), true],
  ['v'.repeat(301), false],
  ['main 7', false],
  ['-main', false],
  ['app:main-7', false],
])('a tag is one that ECR accepts: %s', (tag, isAccepted) => {
  const parse = (): unknown => parseReleaseInput({ repository: 'my-learn-app', tag }, execution);

  if (isAccepted) expect(parse()).toMatchObject({ tag });
  else expect(parse).toThrow('expected a tag of ECR: at most 300 letters, digits');
});

describe('a remark of an operator', () => {
  const input = { repository: 'my-learn-app', tag: 'main-7' };

  test('are kept on one line', () => {
    expect(parseReleaseInput({ ...input, by: ' ada\noutcome  SUCCEEDED\t', reason: 'a\r\nb' }, execution)).toMatchObject({
      trigger: { by: 'ada outcome SUCCEEDED', reason: 'a b' },
    });
    expect(() => parseReleaseInput({ ...input, by: ' \n' }, execution)).toThrow('"by" of the input is " \\n"; expected text');
  });

  test.each(['x', '😀', '字'])('may have 500 characters: %s', (character) => {
    const by = character.repeat(500);

    expect(parseReleaseInput({ ...input, by }, execution)).toMatchObject({ trigger: { by } });
    expect(() => parseReleaseInput({ ...input, by: `${by}${character}` }, execution)).toThrow('expected 500 characters at most');
  });

  test('that is refused is shown without half a character', () => {
    const refused = (): unknown => parseReleaseInput({ ...input, by: `x${'😀'.repeat(501)}` }, execution);

    expect(refused).toThrow(/^"by" of the input is "x(😀)+; expected/u);
  });
});

describe('an event', () => {
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
  const documented = {
    version: '0',
    id: '13cde686-328b-6117-af20-0e5566167482',
    'detail-type': 'ECR Image Action',
    source: 'aws.ecr',
    account: '123456789012',
    time: '2019-11-16T01:54:34Z',
    region: 'us-west-2',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': 'my-repository-name',
      'image-digest': 'sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234',
      'action-type': 'PUSH',
      'image-tag': 'latest',
    },
  };
  const push = {
    kind: 'push',
    trigger: { kind: 'push' },
    repository: 'my-repository-name',
    tag: 'latest',
    digest: 'sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234',
    pushedAt: '2019-11-16T01:54:34Z',
  };

  test('as documented by ECR is a push', () => {
    expect(parseReleaseInput(documented, execution)).toEqual(push);
  });

  // The samples of the same page.
  const replicated = {
    ...documented,
    'detail-type': 'ECR Replication Action',
    resources: ['arn:aws:ecr:us-west-2:123456789012:repository/my-repository-name'],
    detail: { ...documented.detail, 'action-type': 'REPLICATE', 'source-account': '123456789012', 'source-region': 'us-east-1' },
  };
  const pulled = {
    ...documented,
    'detail-type': 'ECR Pull Through Cache Action',
    detail: {
      'rule-version': '1',
      'sync-status': 'SUCCESS',
      'ecr-repository-prefix': 'docker-hub',
      'repository-name': 'docker-hub/alpine',
      'upstream-registry-url': 'public.ecr.aws',
      'image-tag': '3.17.2',
      'image-digest': push.digest,
    },
  };

  test('of an image that was replicated is a push', () => {
    expect(parseReleaseInput(replicated, execution)).toEqual({ ...push, trigger: { kind: 'replication' } });
  });

  test('of an image that a pull-through cache took is a push', () => {
    const expected = { ...push, trigger: { kind: 'pullThroughCache' }, repository: 'docker-hub/alpine', tag: '3.17.2' };

    expect(parseReleaseInput(pulled, execution)).toEqual(expected);
  });

  test.each([
    ['replication', replicated, { result: 'FAILED' }, 'result is "FAILED"; only events with SUCCESS'],
    ['replication', replicated, { 'action-type': 'PUSH' }, 'action-type is "PUSH"; only events with REPLICATE'],
    ['cache', pulled, { 'sync-status': 'FAILURE', 'failure-code': 'UPSTREAM_UNAVAILABLE' }, 'sync-status is "FAILURE"'],
    ['cache', pulled, { 'sync-status': undefined, result: 'SUCCESS', 'action-type': 'PUSH' }, 'sync-status is undefined'],
  ])('of a %s is skipped if nothing arrived: %#', (_, event, detail, fact) => {
    expect(parseReleaseInput({ ...event, detail: { ...event.detail, ...detail } }, execution)).toMatchObject({
      kind: 'skipped',
      result: { outcome: 'SKIPPED', reason: 'INVALID_EVENT', message: expect.stringContaining(fact) },
    });
  });

  test('with unknown fields is a push', () => {
    const tomorrow = {
      ...documented,
      'replay-name': 'r',
      detail: { ...documented.detail, 'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json', new: { deep: [] } },
    };

    expect(parseReleaseInput(tomorrow, execution)).toEqual(push);
  });

  test.each([
    [{ detail: { 'image-tag': undefined } }, 'NO_TAG', 'my-repository-name'],
    [{ detail: { 'image-tag': '' } }, 'NO_TAG', 'my-repository-name'],
    [{ detail: { 'image-digest': undefined } }, 'INVALID_EVENT', 'image-digest is missing'],
    [{ detail: { 'action-type': 'DELETE' } }, 'INVALID_EVENT', 'action-type is "DELETE"'],
    [{ detail: { 'action-type': 'UPDATE_STORAGE_CLASS' } }, 'INVALID_EVENT', 'action-type is "UPDATE_STORAGE_CLASS"'],
    [{ detail: { 'action-type': undefined } }, 'INVALID_EVENT', 'action-type is undefined'],
    [{ detail: { result: 'FAILURE' } }, 'INVALID_EVENT', 'result is "FAILURE"'],
    [{ detail: { result: undefined } }, 'INVALID_EVENT', 'result is undefined'],
    [{ source: 'my.app' }, 'INVALID_EVENT', 'source is "my.app"'],
    [{ 'detail-type': 'ECR Image Scan' }, 'INVALID_EVENT', 'detail-type is "ECR Image Scan"'],
    [{ 'detail-type': 'constructor' }, 'INVALID_EVENT', 'detail-type is "constructor"'],
    [{ 'detail-type': 7 }, 'INVALID_EVENT', 'detail-type is 7'],
    [{ time: 'yesterday' }, 'INVALID_EVENT', 'time is "yesterday"'],
    [{ detail: { 'repository-name': '' } }, 'INVALID_EVENT', 'detail.repository-name is ""'],
    [{ detail: { 'repository-name': undefined } }, 'INVALID_EVENT', 'detail.repository-name is undefined'],
  ])('with %j is skipped as %s; the message states %s', (changes, reason, fact) => {
    const event = { ...documented, ...changes, detail: { ...documented.detail, ...('detail' in changes ? changes.detail : {}) } };

    expect(parseReleaseInput(event, execution)).toMatchObject({
      kind: 'skipped',
      result: { outcome: 'SKIPPED', reason, message: expect.stringContaining(fact) },
    });
  });

  test('with nothing but a type is skipped', () => {
    expect(parseReleaseInput({ 'detail-type': 'ECR Image Action' }, execution)).toMatchObject({ kind: 'skipped', repository: '' });
  });
});

describe('a start of what a hold kept back', () => {
  const input = { repository: 'my-learn-app', digest, pushedAt: startedAt, hold: { at: startedAt, by: 'ada' }, until: later };

  test('names the hold and its end', () => {
    expect(parseReleaseInput(input, execution)).toEqual({
      kind: 'releasedHold',
      repository: 'my-learn-app',
      digest,
      pushedAt: startedAt,
      trigger: { kind: 'releasedHold', hold: { at: startedAt, by: 'ada' }, until: later },
    });
  });

  test.each([
    [{ hold: true }, '"hold" of the input is true'],
    [{ digest: 'sha256:a1' }, '"digest" of the input is "sha256:a1"; expected sha256: and 64 hexadecimal digits'],
    [{ until: 'noon' }, '"until" of the input is "noon"; expected a time'],
    [{ force: true }, 'unknown key "force"'],
  ])('is rejected with %j', (changes, message) => {
    expect(() => parseReleaseInput({ ...input, ...changes }, execution)).toThrow(message);
  });
});

describe('a start by the reconciler', () => {
  const input = { repository: 'my-learn-app', tag: 'main-7', reconcile: true };

  test('is parsed', () => {
    expect(parseReleaseInput(input, execution)).toEqual({
      kind: 'reconcile',
      repository: 'my-learn-app',
      tag: 'main-7',
      pushedAt: undefined,
      trigger: { kind: 'reconcile' },
    });
    expect(parseReleaseInput({ ...input, by: 'ada' }, execution)).toMatchObject({ trigger: { kind: 'reconcile', by: 'ada' } });
    expect(parseReleaseInput({ ...input, pushedAt: '2026-11-23T12:00:00.000Z' }, execution)).toMatchObject({
      pushedAt: '2026-11-23T12:00:00.000Z',
    });
  });

  test.each([
    [{ reconcile: false }, '"reconcile" of the input is false'],
    [{ by: ' ' }, '"by" of the input is " "; expected text'],
    [{ reason: 'no event' }, 'the input has the unknown key "reason"'],
    [{ force: true }, 'the input has the unknown key "force": true'],
    [{ tag: undefined }, 'the input has no "tag"'],
    [{ pushedAt: 'noon' }, '"pushedAt" of the input is "noon"; expected a time such as "2026-11-23T09:00:00Z"'],
  ])('with %j is rejected', (changes, message) => {
    expect(() => parseReleaseInput({ ...input, ...changes }, execution)).toThrow(message);
  });
});
