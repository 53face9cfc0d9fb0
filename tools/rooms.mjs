/**
 * The packages of the workspace and what each may import. This is the only source of the import check of Biome (biome.json) and
 * the test of the project graph. `imports` lists direct imports; their
 * imports are allowed as well. `testImports` lists further imports of tests: a room below derivation is tested with models from
 * derivation.
 */
export const rooms = [
  { folder: 'libs/diagnostics', package: '@dms/diagnostics', imports: [], testImports: [] },
  { folder: 'libs/canonical-json', package: '@dms/canonical-json', imports: ['@dms/diagnostics'], testImports: [] },
  { folder: 'libs/api-schema', package: '@dms/api-schema', imports: ['@dms/canonical-json'], testImports: [] },
  { folder: 'libs/sql', package: '@dms/sql', imports: ['@dms/diagnostics'], testImports: [] },
  { folder: 'libs/model', package: '@dms/model', imports: ['@dms/api-schema', '@dms/sql'], testImports: ['@dms/derivation'] },
  { folder: 'libs/derivation', package: '@dms/derivation', imports: ['@dms/model'], testImports: ['@dms/inventory'] },
  { folder: 'libs/inventory', package: '@dms/inventory', imports: ['@dms/model'], testImports: ['@dms/derivation'] },
  { folder: 'libs/plans', package: '@dms/plans', imports: ['@dms/model', '@dms/sql'], testImports: ['@dms/derivation'] },
  {
    folder: 'libs/catalog',
    package: '@dms/catalog',
    imports: ['@dms/model', '@dms/inventory'],
    testImports: ['@dms/derivation'],
  },
  {
    folder: 'libs/ddl',
    package: '@dms/ddl',
    imports: ['@dms/catalog', '@dms/sql'],
    testImports: ['@dms/change', '@dms/derivation', '@dms/verification'],
  },
  {
    folder: 'libs/change',
    package: '@dms/change',
    imports: ['@dms/inventory', '@dms/catalog', '@dms/ddl'],
    testImports: ['@dms/derivation'],
  },
  {
    folder: 'libs/databases',
    package: '@dms/databases',
    imports: ['@dms/change'],
    testImports: ['@dms/derivation'],
  },
  { folder: 'libs/packs', package: '@dms/packs', imports: ['@dms/plans'], testImports: ['@dms/derivation'] },
  {
    folder: 'libs/documents',
    package: '@dms/documents',
    imports: ['@dms/plans', '@dms/inventory', '@dms/databases'],
    testImports: ['@dms/derivation', '@dms/packs', '@dms/samples'],
  },
  {
    folder: 'libs/bulk',
    package: '@dms/bulk',
    imports: ['@dms/documents'],
    testImports: ['@dms/derivation', '@dms/samples', '@dms/verification'],
  },
  { folder: 'libs/samples', package: '@dms/samples', imports: ['@dms/documents'], testImports: [] },
  {
    folder: 'libs/upgrade',
    package: '@dms/upgrade',
    imports: ['@dms/change', '@dms/databases', '@dms/bulk'],
    testImports: ['@dms/derivation', '@dms/documents', '@dms/samples'],
  },
  {
    folder: 'libs/ods',
    package: '@dms/ods',
    imports: ['@dms/documents'],
    testImports: ['@dms/derivation', '@dms/bulk', '@dms/samples'],
  },
  {
    folder: 'libs/explorer',
    package: '@dms/explorer',
    imports: ['@dms/change', '@dms/plans', '@dms/ods'],
    testImports: ['@dms/derivation'],
  },
  {
    folder: 'libs/verification',
    package: '@dms/verification',
    imports: ['@dms/databases', '@dms/documents', '@dms/ods', '@dms/samples', '@dms/upgrade'],
    testImports: ['@dms/derivation', '@dms/bulk'],
  },
  {
    folder: 'libs/pipeline',
    package: '@dms/pipeline',
    imports: ['@dms/derivation', '@dms/plans', '@dms/packs', '@dms/explorer', '@dms/bulk', '@dms/ods', '@dms/verification'],
    testImports: [],
  },
  { folder: 'libs/cli', package: 'dms-ddl', imports: ['@dms/pipeline'], testImports: [] },
  { folder: 'plugins/nx-dms', package: 'nx-dms', imports: ['@dms/pipeline'], testImports: [] },
  // imported only by tests: random schema sets, models, engines
  { folder: 'libs/testing', package: '@dms/testing', imports: ['@dms/derivation', '@dms/databases'], testImports: [] },
];

/** Whether only tests may import it. */
export const testPackage = '@dms/testing';

/** All packages that the product files of `room` may import, transitively, sorted. */
export function allowedImports(room) {
  return reachable(room.imports);
}

/** The same for its test files. */
export function allowedTestImports(room) {
  const own = room.package === testPackage ? [] : [testPackage];
  return [...new Set([...reachable([...room.imports, ...room.testImports]), ...own])]
    .filter((name) => name !== room.package)
    .sort();
}

function reachable(names) {
  const byPackage = new Map(rooms.map((entry) => [entry.package, entry]));
  const allowed = new Set();
  const visit = (name) => {
    if (allowed.has(name)) return;
    allowed.add(name);
    for (const next of byPackage.get(name)?.imports ?? []) visit(next);
  };
  for (const name of names) visit(name);
  return [...allowed].sort();
}
