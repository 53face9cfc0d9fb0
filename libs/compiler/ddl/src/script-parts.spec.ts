import { deriveInventory } from '@dms/inventory';
import { dialects } from '@dms/sql';
import { derive, everything, ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { emitDdl, scriptParts } from './index.ts';

const sets = { own: [ownSchema('campus'), ownSchema('athletics')], everything };

describe.each(dialects)('the statements of one table or view (%s)', (dialect) => {
  it.each(Object.keys(sets) as (keyof typeof sets)[])(
    'occur in the script exactly once, and leave nothing else: %s',
    (name) => {
      const model = derive(dialect, sets[name]);
      const inventory = deriveInventory(model);
      const { script, catalog } = emitDdl(model, inventory);
      const objects = scriptParts(model, inventory);
      let rest = script;
      for (const { statements } of objects)
        for (const { text } of statements) {
          const place = rest.indexOf(text);
          expect(place, text).toBeGreaterThan(-1);
          // a part neither begins nor ends with a batch separator
          expect([text.startsWith('GO\n'), text.trimEnd().endsWith('\nGO')]).toEqual([false, false]);
          rest = rest.slice(0, place) + rest.slice(place + text.length);
        }
      expect(rest).not.toMatch(/^\s*(CREATE (TABLE|(UNIQUE )?INDEX|VIEW|OR \w+ (TRIGGER|VIEW))|ALTER TABLE)/m);
      expect(objects.map(({ schema, name: object }) => `${schema}.${object}`).sort()).toEqual(
        [...catalog.tables, ...catalog.views].map(({ schema, name: object }) => `${schema}.${object}`).sort(),
      );
    },
  );

  it('have the names of the inventory', () => {
    const model = derive(dialect, everything);
    const inventory = deriveInventory(model);
    const names = scriptParts(model, inventory).flatMap(({ statements }) =>
      statements.filter(({ kind }) => kind === 'trigger').map(({ name }) => name),
    );
    expect(names.filter((name) => name !== 'TR_Document_Journal').sort()).toEqual(
      inventory.triggers.map(({ name }) => name).sort(),
    );
  });
});
