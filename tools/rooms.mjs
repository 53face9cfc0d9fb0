/**
 * The packages of the workspace and what each may import: the one table behind the import check of Biome (biome.json), the
 * references of the packages' tsconfig files and the test on the project graph. `imports` lists direct imports; what those
 * may import is allowed as well.
 */
export const rooms = [
  { folder: 'libs/diagnostics', package: '@dms/diagnostics', imports: [] },
  { folder: 'libs/testing', package: '@dms/testing', imports: [] },
  { folder: 'libs/canonical-json', package: '@dms/canonical-json', imports: ['@dms/diagnostics'] },
  { folder: 'libs/api-schema', package: '@dms/api-schema', imports: ['@dms/canonical-json'] },
  { folder: 'libs/sql', package: '@dms/sql', imports: ['@dms/diagnostics'] },
  { folder: 'libs/relational-model', package: '@dms/relational-model', imports: ['@dms/api-schema', '@dms/sql'] },
  { folder: 'libs/inventory', package: '@dms/inventory', imports: ['@dms/relational-model'] },
  { folder: 'libs/plans', package: '@dms/plans', imports: ['@dms/relational-model', '@dms/sql'] },
  { folder: 'libs/catalog', package: '@dms/catalog', imports: ['@dms/relational-model', '@dms/inventory'] },
  { folder: 'libs/ddl', package: '@dms/ddl', imports: ['@dms/catalog', '@dms/sql'] },
  { folder: 'libs/pipeline', package: '@dms/pipeline', imports: ['@dms/ddl', '@dms/plans'] },
  { folder: 'libs/cli', package: 'dms-ddl', imports: ['@dms/pipeline'] },
  { folder: 'plugins/nx-dms', package: 'nx-dms', imports: ['@dms/pipeline'] },
];

/** All packages that `room` may import, transitively, sorted. */
export function allowedImports(room) {
  const byPackage = new Map(rooms.map((entry) => [entry.package, entry]));
  const allowed = new Set();
  const visit = (name) => {
    if (allowed.has(name)) return;
    allowed.add(name);
    for (const next of byPackage.get(name)?.imports ?? []) visit(next);
  };
  for (const name of room.imports) visit(name);
  return [...allowed].sort();
}
