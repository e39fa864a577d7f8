import { physicalName, resourceType } from '../resource-type.js';

type Properties = { readonly DashboardName?: string; readonly DashboardBody: string };

export const cloudwatchDashboard = resourceType<Properties>({
  type: 'AWS::CloudWatch::Dashboard',
  shapes: { DashboardName: 'string', DashboardBody: 'string' },
  required: ['DashboardBody'],
  update: 'changed',
  deploy: ({ DashboardName, DashboardBody }, deploying) => {
    const name = DashboardName ?? physicalName(deploying, 255);
    deploying.account.services.cloudwatch.putDashboard(name, DashboardBody);
    return { ref: name };
  },
  remove: (name, account) => account.services.cloudwatch.removeDashboard(name),
});
