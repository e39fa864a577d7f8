import { tags } from '../properties.js';
import { physicalName, resourceType } from '../resource-type.js';

type Properties = { LogGroupName?: string; RetentionInDays?: number };

const retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const logGroup = resourceType<Properties>({
  type: 'AWS::Logs::LogGroup',
  shapes: {
    LogGroupName: 'string',
    RetentionInDays: { oneOf: retentions },
    LogGroupClass: { oneOf: ['STANDARD'] },
    Tags: tags,
  },
  required: [],
  update: 'refused',
  isNoop: true,
  deploy: ({ LogGroupName, RetentionInDays }, deploying) => {
    const { account } = deploying;
    const name = LogGroupName ?? physicalName(deploying, 512);
    account.services.logs.createLogGroup(name, RetentionInDays);
    return { ref: name, attributes: { Arn: `${account.arn('logs', `log-group:${name}`)}:*` } };
  },
});
