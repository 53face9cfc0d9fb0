import { defineDatabase } from '@dms/catalog';
import { dialects, textOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { renderBodies } from '../../src/render-bodies.ts';
import { objectStatements } from '../../src/script-parts.ts';
import { widgets } from '../widgets.ts';

/** The text without comments and the empty lines between statements. */
const statementsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('-- '))
    .join('\n');

describe.each(dialects)('single statements for %s', (dialect) => {
  const { model, inventory, script } = widgets().in(dialect);
  const statements = objectStatements({ dialect }, renderBodies(defineDatabase(model, inventory)));
  const info = model.effectiveSchema;

  it('write and check the seed rows in the same way as the script for an empty database', () => {
    const seeds = statementsOf([statements.resourceKeys(info), statements.fingerprint(info)].map(textOf).join('\n'));
    expect(statementsOf(script)).toContain(seeds);
    // keys, fingerprint and components are all checked
    for (const table of ['ResourceKey', 'EffectiveSchema', 'SchemaComponent'])
      expect(textOf(statements.fingerprint(info))).toMatch(new RegExp(`${table}[^\\n]*mismatch`, 'i'));
  });

  it('neither write components nor check keys if there are none', () => {
    const bare = textOf(statements.fingerprint({ ...info, schemaComponents: [], resourceKeys: [] }));
    expect(bare).not.toContain('SchemaComponent');
    expect(bare).not.toMatch(/dms\W+ResourceKey\b/);
    expect(bare).toContain('EffectiveSchema');
  });
});
