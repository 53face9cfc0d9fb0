import { expect, test } from 'vitest';
import type * as published from '../index.d.ts';
import type * as plugin from './index.ts';
import { type PluginOptions, readOptions } from './inference/options.ts';

test('what is published of the plugin is what it exports, with options that it reads', () => {
  // the compiler compares both
  type Exports = Record<keyof typeof plugin, true> & Record<keyof typeof published, true>;
  type AsPublished = typeof plugin extends typeof published ? Exports : never;
  const exported: AsPublished = {
    name: true,
    createNodes: true,
    createDependencies: true,
    createMetadata: true,
    preTasksExecution: true,
  };
  expect(Object.values(exported)).not.toContain(false);
  const all: Required<published.PluginOptions> = { outputDirectory: 'build', targetPrefix: 'dms-' };
  const read: PluginOptions = readOptions(all);
  expect(read).toEqual(all);
});
