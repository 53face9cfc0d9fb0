import { spawnSync } from 'node:child_process';
import path from 'node:path';

/*
 * Runs a search that is too long for the tests: `npm run search -- <name> <options>`; without a name it lists the
 * searches. With `--json` it prints the names of the nightly ones (.github/workflows/nightly.yml).
 */

const root = path.resolve(import.meta.dirname, '..');
const vitest = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run'];

interface SearchCommand {
  readonly does: string;
  readonly command: readonly string[];
  /** Whether it reports its findings and never fails, so that it does not run nightly. */
  readonly isReport?: true;
  /** The value of `DMS_PROPERTY_RUNS`, unless that is set: the factor of the usual number of runs. */
  readonly runs?: string;
}

/** The long tests in some places, with all cases of which they usually try a share. */
const allCases = (...places: readonly string[]): SearchCommand => ({
  does: `runs the long tests of ${places[0]} with every case of which they try a share, on both engines, and with whole standards`,
  command: [...vitest, '--mode', 'rest', ...places],
  runs: '2',
});

const searches: Readonly<Record<string, SearchCommand>> = {
  product: {
    does: 'plants mistakes in random lines of the product, and says which spec finds each',
    command: ['--import', 'tsx', path.join(root, 'tools/mutants/mutate-product.ts')],
    isReport: true,
  },
  benchmarks: {
    does: 'runs each benchmark on its smallest input, also those of documents of the data standard',
    command: [...vitest, 'tests/benchmarks.long.spec.ts'],
    runs: '2',
  },
  'cases-of-compiler': allCases('libs/compiler'),
  'cases-of-data': allCases('libs/data', 'tests/adopted-scenarios.long.spec.ts'),
  'cases-of-product': allCases('libs/product'),
  clients: {
    does: 'lets the reference clients write, read, replace and remove documents of 5.2 and of every published fixture',
    command: [
      ...vitest,
      ...['standard', 'csharp'].map((name) => `libs/product/cli/test/clients/${name}-client.long.spec.ts`),
    ],
    runs: '2',
  },
  'data-standard-6.1': {
    does: 'fills databases of the data standard 6.1 in both generations, from samples and from an ODS, whole and in increments, dumps and checks them, and makes the views and pages',
    command: [...vitest, ...['data-standard', 'ods'].map((name) => `tests/${name}-6.1.long.spec.ts`)],
    runs: '2',
  },
  databases: {
    does: 'damages, kills and repairs databases of both generations at every place, and provisions under more settings',
    command: [
      ...vitest,
      ...['fleet', 'load', 'load-from-ods', 'provision', 'repair'].map((name) => `killed-${name}.long.spec.ts`),
      ...['repair-catalog', 'check-data', 'random-settings'].map((name) => `${name}.long.spec.ts`),
    ],
    runs: '2',
  },
  'planted-faults': {
    does: 'plants faults of code in a copy of the repository, which a step of .ci/run must find',
    command: [...vitest, 'tests/planted-faults.long.spec.ts'],
    runs: '2',
  },
  'earlier-views': {
    does: 'compares views of an earlier version with its own ones, over random rules and 5.2 with TPDM on 6.1, also with the published samples, and reports before and after the move, in both generations',
    command: [
      ...vitest,
      ...['random-earlier', 'published-earlier'].map((name) => `libs/data/ods/src/earlier/${name}.long.spec.ts`),
      'tools/bench/earlier-reports.long.spec.ts',
    ],
    runs: '10',
  },
  'ended-commands': {
    does: 'ends every command that writes, in both generations, after so many commits and in every way',
    command: [...vitest, 'libs/product/cli/test/program/ended-early.long.spec.ts'],
    runs: '2',
  },
  guides: {
    does: 'replays the README and all guides, one after the other in one clone',
    command: [...vitest, 'libs/product/cli/test/guides/guides-in-order.long.spec.ts'],
    runs: '2',
  },
  'mistyped-names': {
    does: 'runs every target of a workspace with a mistyped name, under each version of Nx in DMS_TEST_NX_VERSIONS',
    command: [...vitest, '--config', 'plugins/nx-dms/e2e/vitest.config.ts', 'mistyped-names'],
    runs: '2',
  },
  namesakes: {
    does: 'runs every command on artifacts of projects that have all names in common, in both generations',
    command: [...vitest, 'libs/product/cli/test/artifacts/namesake-projects.long.spec.ts'],
    runs: '2',
  },
  'ods-copies': {
    does: 'copies an ODS and its changes in both generations: killed, with changed keys of persons, at random, repeated',
    command: [
      ...vitest,
      ...[
        'killed-copy',
        'killed-increment',
        'person-keys',
        'copied-version',
        'random-increments',
        'random-ods',
        'load-from-ods',
      ].map((name) => `${name}.long.spec.ts`),
    ],
    runs: '2',
  },
  pages: {
    does: 'looks at pages of this repository and of 6.1 in narrow and wide windows, by day and by night',
    command: [...vitest, 'libs/product/explorer/test/browser'],
    runs: '2',
  },
  translation: {
    does: 'translates between random schema sets, with damaged files, and from 5.2 with TPDM to 6.1, loaded in both generations',
    command: [
      ...vitest,
      ...['laws.long', 'damaged-translations', 'translated-standard.long'].map((name) => `${name}.spec.ts`),
    ],
    runs: '10',
  },
  'open-files': {
    does: 'runs emit, dump and provision on a file system that refuses open files as Windows does, 400, 67 and 67 schedules, and 1,670 of each change of files',
    command: [...vitest, 'tests/open-files-of-commands.long.spec.ts', 'libs/base/files/src/open-files.long.spec.ts'],
    runs: '16.7',
  },
  'upgrade-translations': {
    does: 'upgrades between random sets and from 5.2 with TPDM to 6.1 in place, with 20,000 generated documents and with the published samples, and compares with new databases',
    command: [
      ...vitest,
      ...['data-standard', 'random'].map((name) => `libs/data/upgrade/test/translating/${name}-in-place.long.spec.ts`),
    ],
    runs: '50',
  },
  upgrades: {
    does: 'upgrades between random schema sets: what is left loads into a new database, but for what was named',
    command: [...vitest, 'libs/data/upgrade/test/evolutions/upgrade-law.long.spec.ts'],
    runs: '200',
  },
  'upgrades-of-samples': {
    does: 'upgrades databases of the published samples between releases of the standard, each way in both generations',
    command: [...vitest, 'libs/data/upgrade/test/standard/published-samples.long.spec.ts'],
    runs: '2',
  },
  'verify-data-standards': {
    does: 'verifies scripts of the data standards 5.2 with TPDM and 6.1 on a server, which takes minutes each',
    command: [...vitest, 'libs/data/verification/src/data-standards.long.spec.ts'],
    runs: '2',
  },
  'verify-random-sets': {
    does: 'verifies scripts of random schema sets with odd keys, which must pass, and changes of them, which must not',
    command: [...vitest, 'libs/data/verification/src/random-sets.long.spec.ts'],
    runs: '250',
  },
  'views-of-objects': {
    does: 'compares the ODS views of 300 random sets with objects in objects and shared columns with a walk over the documents, and verifies 100 of them',
    command: [...vitest, 'libs/data/verification/src/documents/object-sets.long.spec.ts'],
    runs: '50',
  },
  verification: {
    does: 'changes single places of a script, and lists the changes that verification does not find',
    command: [...vitest, 'libs/data/verification/src/behaviour/mutated-scripts.long.spec.ts'],
    runs: '25',
  },
};

const [name = '', ...args] = process.argv.slice(2);
const search = Object.hasOwn(searches, name) ? searches[name] : undefined;
if (name === '--json') {
  const nightly = Object.entries(searches).filter(([, { isReport }]) => !isReport);
  console.log(JSON.stringify(nightly.map(([each]) => each)));
} else if (search) {
  const env = { DMS_PROPERTY_RUNS: search.runs, ...process.env };
  process.exitCode =
    spawnSync(process.execPath, [...search.command, ...args], { cwd: root, stdio: 'inherit', env }).status ?? 1;
} else {
  if (name !== '') console.error(`There is no search ${JSON.stringify(name)}.\n`);
  console.log('npm run search -- <name> <options>\n');
  for (const [each, { does }] of Object.entries(searches)) console.log(`${each.padEnd(24)}${does}`);
  if (name !== '') process.exitCode = 2;
}
