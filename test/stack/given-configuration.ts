import { parseConfiguration } from '../../stack/read-configuration.js';

/** A day on which no freeze of the tests is over. */
export const today = new Date('2026-11-27T12:00:00Z');

/** The lines with which a file is refused; one empty line if it is not. */
export const issuesIn = (text: string): string[] => {
  try {
    parseConfiguration(text, 'slipway.yml', today);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [''];
};

/** A file whose only repository has this, from line 3 on. */
export const withRepository = (...lines: string[]) => ['repositories:', '  app:', ...lines.map((line) => `    ${line}`)].join('\n');

export const withServices = (...lines: string[]) =>
  withRepository('tags: [v1]', 'stages:', '  - name: only', '    services:', ...lines.map((line) => `      ${line}`));
