import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

const message = (given: unknown) => {
  try {
    readOptions(given);
    return 'accepted';
  } catch (error) {
    return String((error as Error).message);
  }
};

test('without options there are the defaults', () => {
  expect(readOptions(undefined)).toEqual({ outputDirectory: 'dist', targetPrefix: '' });
  expect(readOptions({})).toEqual({ outputDirectory: 'dist', targetPrefix: '' });
});

test('options replace the defaults', () => {
  expect(readOptions({ outputDirectory: './build/dms/', targetPrefix: 'dms-' })).toEqual({
    outputDirectory: 'build/dms',
    targetPrefix: 'dms-',
  });
});

test('a wrong option is named, with what is expected', () => {
  expect(message({ outputFolder: 'x' })).toBe(
    'PLUGIN_OPTION_INVALID: The option "outputFolder" of the plugin nx-dms in nx.json is wrong: expected one of outputDirectory, targetPrefix.',
  );
  expect(message({ outputDirectory: 3 })).toContain(
    '"outputDirectory" of the plugin nx-dms in nx.json is wrong: expected a text',
  );
  expect(message({ outputDirectory: '../x' })).toContain('expected a folder inside the workspace');
  expect(message({ outputDirectory: '/x' })).toContain('expected a folder inside the workspace');
  for (const outputDirectory of ['a/*', 'dist (2)', 'a\\b']) {
    expect(message({ outputDirectory })).toContain('a name without * ? [ ] { } ( ) \\');
  }
  for (const outputDirectory of ['.', './', 'x/..']) {
    expect(message({ outputDirectory })).toContain('expected a folder below the workspace, not the workspace itself');
  }
  expect(message({ outputDirectory: 'node_modules/.dms' })).toContain('expected a folder that is not in node_modules');
  expect(message({ targetPrefix: 'a:' })).toContain('"targetPrefix"');
  expect(message(['x'])).toContain('expected an object');
});
