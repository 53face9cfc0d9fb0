import { defineDatabase } from '@dms/catalog';
import { hasSharedData } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type EmittedSet, emitters } from '../../test/emitted.ts';
import { emitFixtureV2 } from '../../test/fixtures-v2.ts';
import { renderBodies } from '../render-bodies.ts';

/* A BEFORE trigger does not see the generated columns of the new row (design 16 §6.2). */

const sets: readonly (readonly [string, () => Promise<EmittedSet>])[] = [
  ['campus and athletics', () => emitters.v2.campusAndAthletics()],
  ...(hasSharedData ? [['ds-5.2 (needs the shared conformance data)', () => emitFixtureV2('ds-5.2')] as const] : []),
];

describe('bodies that run before the change', () => {
  it.each(sets)('read no generated column of the new row: %s', async (_title, emitted) => {
    const { model, inventory } = (await emitted()).pgsql;
    const definition = defineDatabase(model, inventory);
    const bodies = renderBodies(definition);
    let generatedColumns = 0;
    for (const table of definition.tables) {
      const generated = table.columns.filter((column) => column.generated !== null).map(({ name }) => name);
      for (const trigger of table.triggers) {
        if (!trigger.triggers.some(({ timing }) => timing === 'BEFORE')) continue;
        generatedColumns += generated.length;
        const read = [...(bodies.triggers.get(trigger) ?? '').matchAll(/NEW\."([^"]+)"/g)].map(([, name]) => name);
        expect(
          read.filter((name) => generated.includes(String(name))),
          trigger.name,
        ).toEqual([]);
      }
    }
    expect(generatedColumns).toBeGreaterThan(10);
  });
});
