import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { explored } from '../test/compiled-set.ts';
import { testSets } from '../test/test-sets.ts';
import { documentShape, placedNodes } from './document-shape.ts';
import { lookUp } from './model-lookup.ts';
import { phraseText } from './sentences/phrase.ts';

describe.each(testSets())('the shape of documents: %s', (_, documents) => {
  it.each(dialects)('has every column of every table once, those with a path at that path (%s)', (dialect) => {
    const lookup = lookUp(explored(dialect, documents()));
    for (const { resourceKey, tablesInDependencyOrder } of lookup.set.model.resources) {
      const resource = lookup.resourceByLabel.get(`${resourceKey.projectName}:${resourceKey.resourceName}`);
      if (resource?.kind !== 'concrete') continue;
      const shape = documentShape(lookup, resource.resource);
      const nodes = [...placedNodes(shape.root)].map((node) => ({ path: node.path, ...shape.factsOf(node) }));
      expect(new Set(nodes.map(({ path }) => path)).size).toBe(nodes.length);
      const placed = nodes.flatMap(({ path, columns, bookkeeping }) => [
        ...columns.map(({ table, column }) => `${table.table.table.name}.${column.name} at ${path}`),
        ...bookkeeping.map(({ table, column }) => `${table.table.table.name}.${column.name}`),
      ]);
      const expected = tablesInDependencyOrder.flatMap(({ table, columns }) =>
        columns.map(({ name, sourcePath }) => `${table.name}.${name}${sourcePath === null ? '' : ` at ${sourcePath}`}`),
      );
      expect([...placed].sort()).toEqual(expected.sort());
    }
  });

  it('says of every alias which column holds its value, and of every canonical column whose value it holds', () => {
    const lookup = lookUp(explored('pgsql', documents()));
    for (const resource of lookup.set.model.resources) {
      if (resource.storageKind !== 'RelationalTables') continue;
      const shape = documentShape(lookup, resource);
      for (const { columns, bookkeeping } of [...placedNodes(shape.root)].map(shape.factsOf))
        for (const { table, column, remark } of [...columns, ...bookkeeping]) {
          const text = phraseText(remark ?? []);
          if (column.storage.kind === 'UnifiedAlias')
            expect(text).toContain(`Alias of ${column.storage.canonicalColumn}`);
          const members = table.table.keyUnificationClasses.find(
            ({ canonicalColumn }) => canonicalColumn === column.name,
          );
          for (const member of members?.memberPathColumns ?? []) expect(text).toContain(member);
          if (column.sourcePath === null) expect(text, `${table.address.name}.${column.name}`).not.toBe('');
        }
    }
  });
});
