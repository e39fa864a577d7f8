// A plugin of the Serverless Framework.
const { GetTemplateCommand } = require('@aws-sdk/client-cloudformation');
const { keepPermissionsPlugin } = require('./load.cjs')('kept-permissions.ts');

module.exports = keepPermissionsPlugin(async (provider) => {
  const cloudFormation = await provider.getCloudFormationClient();
  const command = new GetTemplateCommand({ StackName: provider.naming.getStackName(), TemplateStage: 'Original' });
  const { TemplateBody } = await cloudFormation.send(command);
  return TemplateBody;
});
