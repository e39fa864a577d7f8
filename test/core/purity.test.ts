import { readdirSync, readFileSync } from 'node:fs';

/** What would make a decision depend on when or where it is made; imports are the linter's affair. */
const impure = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bfetch\(|\bsetTimeout\b|\bconsole\.(log|warn|error)/;

const files = readdirSync('core', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

test.each(files)('core/%s asks neither a clock nor chance nor its surroundings', (file) => {
  const lines = readFileSync(`core/${file}`, 'utf8').split('\n');

  expect(lines.filter((line) => impure.test(line))).toEqual([]);
});
