const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Jest calls this before a run, and again after it: a folder that the workers of the run share. */
module.exports = async () => {
  const { SLIPWAY_TEST_RUN: existing } = process.env;
  if (existing) {
    delete process.env.SLIPWAY_TEST_RUN;
    rmSync(existing, { recursive: true, force: true });
  } else process.env.SLIPWAY_TEST_RUN = mkdtempSync(join(tmpdir(), 'slipway-test-'));
};
