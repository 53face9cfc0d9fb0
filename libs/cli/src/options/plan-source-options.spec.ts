import type { MappingSetSource } from '@dms/operations';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addPlanSourceOptions, planSourceOf } from './plan-source-options.ts';

function sourceOf(...args: string[]): MappingSetSource {
  const command = addPlanSourceOptions(new Command('get'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  return planSourceOf(command.opts(), command);
}

it.each([
  [['--artifacts', 'out'], { kind: 'artifacts', folder: 'out' }],
  [['--pack', 'a.mpack'], { kind: 'pack', file: 'a.mpack' }],
  [['--schema', 'a.json'], { kind: 'schemas', files: ['a.json'] }],
])('%j names a source', (args, source) => {
  expect(sourceOf(...args)).toEqual(source);
});

it.each([
  ['none', [], "one of the options '--schema <file...>', '--artifacts <dir>' and '--pack <file>' must be given"],
  ['both', ['--pack', 'a.mpack', '--artifacts', 'out'], "'--pack <file>' cannot be used with option '--artifacts <dir>'"],
  [
    'a pack of schemas',
    ['--pack', 'a.mpack', '--schema', 'x'],
    "'--pack <file>' cannot be used with option '--schema <file...>'",
  ],
  ['an empty one', ['--pack', ''], 'It must not be empty.'],
])('%s is wrong use', (_, args, text) => {
  expect(() => sourceOf(...args)).toThrow(text);
});
