import { expect, it } from 'vitest';
import { operations } from '../commands/index.ts';
import type { Operation } from './operation.ts';
import { factsOf, type Shape } from './option.ts';

const loaded: readonly Operation[] = (await Promise.all(Object.values(operations).map(({ load }) => load()))).flat();

/** The options that name an output folder, of all operations. */
const folders = loaded.flatMap(({ name, options }) =>
  Object.entries(options as Shape).flatMap(([option, schema]) => {
    const { metavariable, group } = factsOf(schema);
    return metavariable === '<dir>' && group === 'output' ? [{ name, option, schema }] : [];
  }),
);

it('there are folders for output to look at', () => {
  expect(folders.length).toBeGreaterThan(8);
});

it.each(folders)('$name takes no standard output for the folder of $option', ({ schema }) => {
  const { error } = schema.safeParse('-');
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'It cannot be the standard output; write ./- for that name.',
  ]);
  expect(schema.safeParse('./-').success).toBe(true);
});
