// The Framework adds an output for the version of each function, and an export for each output. Nothing imports them, and an
// export would keep its value from changing while another stack imports it.
module.exports = class OutputsPlugin {
  constructor(serverless) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { Outputs } = serverless.service.provider.compiledCloudFormationTemplate;
        for (const [name, output] of Object.entries(Outputs)) {
          if (name.endsWith('LambdaFunctionQualifiedArn')) delete Outputs[name];
          else delete output.Export;
        }
      },
    };
  }
};
