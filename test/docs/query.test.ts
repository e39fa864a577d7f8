import { readFileSync } from 'node:fs';
import { parseQueryRequest } from '../../core/query/parse-request.js';
import type { QueryName } from '../../core/query/request.js';
import { answerTo, errorIn } from '../support/query-shapes.js';

type Example = { readonly kind: string; readonly content: Record<string, unknown> };

const page = readFileSync('docs/query.md', 'utf8');
const examplesIn = (text: string): Example[] =>
  [...text.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(([, kind = '', content = '']) => ({ kind, content: JSON.parse(content) }));

const [before = '', ...sections] = page.split(/^## (?=[a-z]+$)/m);
const named = sections.map((section) => [section.split('\n', 1)[0] as QueryName, examplesIn(section)] as const);
const general = (kind: string) => examplesIn(before).find((example) => example.kind === kind)?.content ?? {};

test('every query has a section', () => {
  expect(named.map(([name]) => name)).toEqual([
    'installation',
    'status',
    'progress',
    'history',
    'release',
    'deployment',
    'explain',
    'plan',
    'log',
  ]);
});

test.each(named)('%s: its questions are accepted, and its answers have the shape of real ones', (name, examples) => {
  const questions = examples.filter(({ kind }) => kind === 'question');
  expect(questions.length).toBeGreaterThan(0);
  for (const { content } of questions) expect(parseQueryRequest(content).query).toBe(name);
  const answers = examples.filter(({ kind }) => kind === 'answer');
  expect(answers).toHaveLength(name === 'plan' ? 0 : 1);
  for (const { content } of answers) expect(answerTo(name, { ...general('head'), ...content })).toBeTruthy();
});

test('the error is one', () => {
  expect(errorIn(general('error'))).toMatchObject({ code: 'NOT_CONFIGURED', suggestion: 'production/web' });
});
