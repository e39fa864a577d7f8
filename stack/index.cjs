// The Serverless Framework reads values from this file: ${file(./stack/index.cjs):name}.
module.exports = require('./load.cjs')('serverless.ts');
