import { dialects, type SqlDialect } from '@dms/sql';
import type { TargetFacts } from './target-facts.ts';

/**
 * The owner of a file: a `schema` project, a mapping `set`, each `dialect` of a set (its name then contains `<d>`), or
 * all `dialects` of a run together.
 */
type FileOf = 'schema' | 'set' | 'dialect' | 'dialects';

interface FileDeclaration {
  readonly file: string;
  readonly of: FileOf;
  readonly isMarker?: false;
  /** The only dialect with this file. */
  readonly only?: SqlDialect;
  /** Whether a run may omit the file: a plan that reads documents has no script. */
  readonly mayLack?: true;
  /** Readers besides later steps, as named in the reference. */
  readonly otherReaders?: string;
  /** `exact`: fixed to the byte. `ours`: deterministic, but its rendering may change between versions. */
  readonly format: string;
  /** The chapters that describe the file, as `06, 09a §2.4`. */
  readonly chapter: string;
}

/** The executors of operations on databases. */
export type DatabaseTargetName = 'provision-db' | 'check-db' | 'upgrade-db' | 'status-db';

/** The presentation of an executor in Nx (design 10 §6). */
export interface TaskFacts {
  readonly title: string;
  readonly description: string;
  /** Descriptions by command. */
  readonly examples: Readonly<Record<string, string>>;
}

interface StepDeclaration {
  /** Artifacts of earlier steps that the step reads. */
  readonly reads: readonly string[];
  /** A file without a dialect marks the other files as complete, unless `isMarker` is false. */
  readonly writes: Readonly<Record<string, FileDeclaration>>;
  /** The command that runs the step, if `emit` does not. */
  readonly command?: string;
  readonly target: TargetFacts;
  /** The facts about its executor. */
  readonly task: TaskFacts;
}

/**
 * The steps in the order in which they run, with the artifacts that each reads, the files that it writes, its command,
 * its target and its executor. All artifacts of a mapping set lie in one folder. This is data without code, so that the
 * inference of the plugin can load it quickly. The work of a step is a `Step` with the same name, and the types make it
 * match its row.
 */
export const stepTable = {
  'normalize-schema': {
    reads: [],
    writes: { normalizedSchema: { file: 'schema.normalized.json', of: 'schema', format: 'exact', chapter: '01 §5.5' } },
    target: {
      description: 'Check the ApiSchema file and write the hashed part of it',
      group: 'Schema',
      members: undefined,
    },
    task: {
      title: 'Normalize schema',
      description: 'Checks an ApiSchema file and writes the hashed part of it canonically.',
      examples: {
        'npx nx run ed-fi:normalize-schema': 'Check one schema',
        'npx nx run-many -t normalize-schema': 'Check all schemas of the workspace',
      },
    },
  },
  'derive-model': {
    reads: ['normalizedSchema'],
    writes: {
      effectiveSchemaManifest: { file: 'effective-schema.manifest.json', of: 'set', format: 'exact', chapter: '01 §9' },
      documentSchemas: {
        file: 'document-schemas.json',
        of: 'set',
        isMarker: false,
        otherReaders: '`dms-ddl load`',
        format: 'ours',
        chapter: '01 §9.1',
      },
      model: { file: 'relational-model.<d>.json', of: 'dialect', format: 'ours', chapter: '02 §15' },
    },
    target: {
      description: 'Fingerprint the schemas and derive the relational model',
      group: 'Model',
      // this step checks the names of the members
      members: 'all-that-no-other-reads',
    },
    task: {
      title: 'Derive model',
      description: 'Fingerprints the schemas of a mapping set and derives its relational model.',
      examples: {
        'npx nx run schools:derive-model': 'Derive the model for all dialects of dms.json',
        'npx nx run schools:derive-model --dialect=pgsql': 'Derive it for PostgreSQL only',
      },
    },
  },
  'derive-inventory': {
    reads: ['model', 'effectiveSchemaManifest'],
    writes: {
      inventory: { file: 'inventory.<d>.json', of: 'dialect', format: 'ours', chapter: '05 §8' },
      modelManifest: {
        file: 'relational-model.<d>.manifest.json',
        of: 'dialect',
        otherReaders: 'people, tests',
        format: 'exact',
        chapter: '03 §11',
      },
    },
    target: {
      description: 'Derive indexes and triggers',
      group: 'Model',
      members: ['dialects', 'inventory'],
    },
    task: {
      title: 'Derive inventory',
      description: 'Derives the indexes and triggers of a relational model.',
      examples: {
        'npx nx run schools:derive-inventory': 'List the indexes and triggers of the model',
      },
    },
  },
  'compile-plans': {
    reads: ['model', 'effectiveSchemaManifest'],
    writes: {
      plans: {
        file: 'plans.<d>.json',
        of: 'dialect',
        otherReaders: '[a program](../use-from-a-program.md)',
        format: 'ours',
        chapter: '08 §11',
      },
      mappingSetManifest: {
        file: 'mappingset.manifest.json',
        of: 'dialects',
        otherReaders: 'people, tests',
        format: 'exact',
        chapter: '08 §11',
      },
    },
    target: {
      description: 'Compile the plans that write and read documents',
      group: 'Model',
      members: ['dialects', 'plans'],
    },
    task: {
      title: 'Compile plans',
      description: 'Compiles the plans that write and read documents.',
      examples: { 'npx nx run schools:compile-plans': 'Compile the plans of all dialects' },
    },
  },
  'build-pack': {
    reads: ['model', 'effectiveSchemaManifest'],
    writes: {
      pack: {
        file: 'mappingset.<d>.mpack',
        of: 'dialect',
        otherReaders: '[a program](../use-from-a-program.md), `dms-ddl`',
        format: 'payload exact',
        chapter: '08 §12',
      },
      packManifest: {
        file: 'pack.<d>.manifest.json',
        of: 'dialect',
        otherReaders: 'people, tests',
        format: 'exact',
        chapter: '08 §12.6',
      },
    },
    command: 'pack build',
    target: {
      description: 'Pack the plans into one file for a server',
      group: 'Model',
      members: ['dialects', 'plans'],
    },
    task: {
      title: 'Build pack',
      description: 'Packs the plans of a mapping set into one file for a program.',
      examples: { 'npx nx run schools:build-pack': 'Pack the plans of all dialects' },
    },
  },
  'emit-ddl': {
    reads: ['model', 'inventory', 'effectiveSchemaManifest'],
    writes: {
      script: {
        file: '<d>.sql',
        of: 'dialect',
        otherReaders: 'a database',
        format: 'ours; the catalog that it creates is exact',
        chapter: '06, 07',
      },
      catalog: {
        file: 'catalog.<d>.json',
        of: 'dialect',
        otherReaders: '`dms-ddl check`, people',
        format: 'ours',
        chapter: '09a §1.2',
      },
      ddlManifest: {
        file: 'ddl.manifest.json',
        of: 'dialects',
        otherReaders: 'people',
        format: 'exact, except for the script hashes',
        chapter: '06 §8',
      },
    },
    target: {
      description: 'Write the script that creates the database',
      group: 'Database',
      members: ['dialects', 'ddl'],
    },
    task: {
      title: 'Emit DDL',
      description: 'Writes the script that creates the database of a mapping set.',
      examples: {
        'npx nx run schools:emit-ddl': 'Write the scripts of all dialects',
        'npx nx run schools:emit-ddl --dialect=pgsql':
          'Write the script for PostgreSQL only; the other one stays as it is',
        'npx nx affected -t emit-ddl': 'Write the scripts that a change reaches',
      },
    },
  },
  'derive-ods-mapping': {
    reads: ['normalizedSchema', 'effectiveSchemaManifest'],
    writes: {
      odsMapping: {
        file: 'ods-mapping.json',
        of: 'set',
        isMarker: false,
        otherReaders: '`dms-ddl reporting`, `read-ods`, `load --from-ods`, `dictionary`',
        format: 'ours; tables and columns exact',
        chapter: '19 §5.9',
      },
    },
    target: {
      description: 'Derive the tables and columns of an ODS, and the paths that they hold',
      group: 'Model',
      members: ['dialects', 'schemas', 'mappingVersion', 'odsOverrides'],
    },
    task: {
      title: 'Derive ODS mapping',
      description:
        'Derives which tables and columns an ODS has for the schemas of a mapping set, and the paths that they hold.',
      examples: {
        'npx nx run schools:derive-ods-mapping': 'Write ods-mapping.json, which is the same for all dialects',
      },
    },
  },
  'emit-reporting': {
    reads: ['model', 'effectiveSchemaManifest', 'odsMapping'],
    writes: {
      reportingScript: {
        file: 'reporting.<d>.sql',
        of: 'dialect',
        otherReaders: 'a database',
        format: "ours; the views' columns exact",
        chapter: '19 §8',
      },
    },
    command: 'reporting emit',
    target: {
      description: 'Write the script of views that are named and shaped like the tables of an ODS',
      group: 'Database',
      members: ['dialects', 'reporting'],
    },
    task: {
      title: 'Emit reporting',
      description: 'Writes the script of views that are named and shaped like the tables of an ODS.',
      examples: {
        'npx nx run schools:emit-reporting': 'Write the scripts of all dialects',
        'npx nx run schools:emit-reporting --dialect=pgsql':
          'Write the script for PostgreSQL only; the other one stays as it is',
      },
    },
  },
  'derive-earlier-mapping': {
    reads: ['effectiveSchemaManifest', 'documentSchemas', 'model', 'inventory', 'odsMapping'],
    writes: {
      earlierMapping: {
        file: 'earlier-mapping.json',
        of: 'set',
        isMarker: false,
        otherReaders: '`dms-ddl reporting --earlier`, `upgrade apply`, `dictionary --earlier`',
        format: 'ours; tables and columns exact',
        chapter: '21 §3',
      },
    },
    command: 'emit --earlier',
    target: {
      description: 'Derive where the ODS tables of an earlier version are in those of the schemas',
      group: 'Model',
      members: ['dialects', 'earlier'],
      addedBy: 'earlier',
      placesOf: 'earlier',
    },
    task: {
      title: 'Derive earlier mapping',
      description:
        'Derives where the rows and columns of the ODS tables of an earlier schema set are in those of a mapping set.',
      examples: {
        'npx nx run schools:derive-earlier-mapping': 'Write earlier-mapping.json, which is the same for all dialects',
      },
    },
  },
  'emit-earlier-reporting': {
    reads: ['model', 'effectiveSchemaManifest', 'odsMapping', 'earlierMapping'],
    writes: {
      earlierScript: {
        file: 'reporting-earlier.<d>.sql',
        of: 'dialect',
        otherReaders: 'a database',
        format: "ours; the views' columns exact",
        chapter: '21 §3',
      },
    },
    command: 'reporting emit --earlier',
    target: {
      description: 'Write the script of views that are named and shaped like the ODS tables of an earlier version',
      group: 'Database',
      members: ['dialects', 'reporting', 'earlier'],
      addedBy: 'earlier',
    },
    task: {
      title: 'Emit earlier reporting',
      description: 'Writes the script of views that are named and shaped like the ODS tables of an earlier schema set.',
      examples: {
        'npx nx run schools:emit-earlier-reporting': 'Write the scripts of all dialects',
      },
    },
  },
  'emit-comments': {
    reads: ['model', 'effectiveSchemaManifest', 'documentSchemas'],
    writes: {
      commentsScript: {
        file: 'comments.<d>.sql',
        of: 'dialect',
        otherReaders: 'a database',
        format: 'ours',
        chapter: '13 §8',
      },
    },
    command: 'comments emit',
    target: {
      description: 'Write the script that gives tables and columns their definitions as comments',
      group: 'Database',
      members: ['dialects'],
    },
    task: {
      title: 'Emit comments',
      description: 'Writes the script that gives the tables and columns of a database their definitions as comments.',
      examples: {
        'npx nx run schools:emit-comments': 'Write the scripts of all dialects',
        'npx nx run schools:emit-comments --dialect=pgsql':
          'Write the script for PostgreSQL only; the other one stays as it is',
      },
    },
  },
  'verify-db': {
    reads: ['effectiveSchemaManifest', 'model', 'inventory', 'script', 'catalog', 'ddlManifest', 'odsMapping'],
    writes: {
      verification: {
        file: 'verification.<d>.json',
        of: 'dialect',
        otherReaders: 'people, CI',
        format: 'ours',
        chapter: '09b §1',
      },
    },
    command: 'verify',
    target: {
      description: 'Prove the scripts on databases of their own, or as far as their text shows',
      group: 'Database',
      members: ['dialects', 'verify', 'databases'],
      usesDatabases: true,
      usesEngine: true,
    },
    task: {
      title: 'Verify database',
      description: 'Proves the scripts of a mapping set on databases of their own, or as far as their text shows.',
      examples: {
        'npx nx run schools:verify-db': 'Prove the scripts of all dialects',
        'npx nx run schools:verify-db --dialect=pgsql': 'Prove the script for PostgreSQL only',
      },
    },
  },
  'explore-model': {
    reads: [
      'model',
      'inventory',
      'catalog',
      'effectiveSchemaManifest',
      'documentSchemas',
      'odsMapping',
      'earlierMapping',
    ],
    writes: { page: { file: 'model.html', of: 'dialects', otherReaders: 'people', format: 'ours', chapter: '13 §1' } },
    command: 'explore',
    target: {
      description: 'Write a page that shows the model',
      group: 'Model',
      members: ['dialects', 'baseline', 'upgradeFrom', 'translation', 'earlier'],
      placesOf: 'baseline',
    },
    task: {
      title: 'Explore model',
      description: 'Writes a page that shows the model of a mapping set.',
      examples: { 'npx nx run schools:explore-model': 'Write the page of all dialects' },
    },
  },
  'report-impact': {
    reads: ['model', 'inventory', 'catalog', 'effectiveSchemaManifest', 'documentSchemas'],
    writes: {
      impact: {
        file: 'impact.<d>.json',
        of: 'dialect',
        otherReaders: 'people, CI',
        format: 'ours',
        chapter: '09a §2.4',
      },
    },
    command: 'impact',
    target: {
      description: 'Say how the schemas affect a database of the baseline',
      group: 'Comparison',
      members: ['dialects', 'baseline', 'upgradeFrom', 'translation'],
      addedBy: 'baseline',
      placesOf: 'baseline',
    },
    task: {
      title: 'Report impact',
      description: 'Says how the schemas of a mapping set affect a database of its baseline.',
      examples: {
        'npx nx run schools:report-impact': 'Say how the change since the baseline affects a database',
      },
    },
  },
  'plan-upgrade': {
    reads: ['effectiveSchemaManifest', 'documentSchemas', 'model', 'inventory', 'catalog'],
    writes: {
      upgradeScript: {
        file: 'upgrade.<d>.sql',
        of: 'dialect',
        mayLack: true,
        otherReaders: 'a database',
        format: 'ours',
        chapter: '12 §6',
      },
      upgrade: {
        file: 'upgrade.<d>.json',
        of: 'dialect',
        otherReaders: 'people, CI',
        format: 'ours',
        chapter: '12 §6',
      },
      prepareScript: {
        file: 'prepare.<d>.sql',
        of: 'dialect',
        mayLack: true,
        only: 'mssql',
        otherReaders: 'a database (SQL Server)',
        format: 'ours',
        chapter: '12a §5.5',
      },
      switchScript: {
        file: 'switch.<d>.sql',
        of: 'dialect',
        mayLack: true,
        only: 'mssql',
        otherReaders: 'a database (SQL Server)',
        format: 'ours',
        chapter: '12a §5.5',
      },
    },
    command: 'upgrade plan',
    target: {
      description: 'Write the script that upgrades a database of the last release',
      group: 'Database',
      members: ['dialects', 'upgradeFrom', 'translation', 'collation'],
      addedBy: 'upgradeFrom',
      placesOf: 'upgradeFrom',
    },
    task: {
      title: 'Plan upgrade',
      description: 'Writes the script that upgrades a database of the last release.',
      examples: {
        'npx nx run schools:plan-upgrade': 'Write the script that upgrades a database of the last release',
      },
    },
  },
  'verify-upgrade': {
    reads: ['effectiveSchemaManifest', 'documentSchemas', 'model', 'inventory', 'script', 'catalog'],
    writes: {},
    target: {
      description: 'Prove on an embedded database of documents that the upgrade keeps them',
      group: 'Database',
      members: ['dialects', 'upgradeFrom', 'translation', 'collation'],
      addedBy: 'upgradeFrom',
      placesOf: 'upgradeFrom',
      usesEngine: true,
    },
    task: {
      title: 'Verify upgrade',
      description: 'Proves on an embedded database of documents that the upgrade from the last release keeps them.',
      examples: {
        'npx nx run schools:verify-upgrade': 'Prove that the upgrade keeps the documents',
      },
    },
  },
} as const satisfies Readonly<Record<string, StepDeclaration>>;

type StepTable = typeof stepTable;

export type StepName = keyof StepTable;

export type ReadBy<Name extends StepName> = StepTable[Name]['reads'][number];

export type WrittenBy<Name extends StepName> = { [Each in Name]: keyof StepTable[Each]['writes'] }[Name];

export type ArtifactName = WrittenBy<StepName>;

/** An artifact as declared in the table, with the step that writes it. */
export interface ArtifactDeclaration extends FileDeclaration {
  readonly name: ArtifactName;
  readonly writer: StepName;
}

export const stepNames = Object.keys(stepTable) as readonly StepName[];

/** The steps that make all artifacts for later commands; `dms-ddl emit` runs them. */
export const emitSteps = [
  'derive-model',
  'derive-inventory',
  'compile-plans',
  'emit-ddl',
  'derive-ods-mapping',
] as const satisfies StepName[];

/** The steps for the views of an earlier version; `dms-ddl emit --earlier` also runs the first of them. */
export const earlierSteps = ['derive-earlier-mapping', 'emit-earlier-reporting'] as const satisfies StepName[];

/** The steps of the reporting views; `dms-ddl reporting emit` runs them after `derive-model`. */
export const reportingSteps = ['derive-ods-mapping', 'emit-reporting'] as const satisfies StepName[];

/**
 * The artifacts that `dms-ddl emit` can write alone, by the name that a user gives. The manifest of all dialects of a
 * step comes with its artifacts.
 */
const emittedArtifacts = {
  script: 'script',
  catalog: 'catalog',
  model: 'model',
  inventory: 'inventory',
  'model-manifest': 'modelManifest',
  plans: 'plans',
  'document-schemas': 'documentSchemas',
  'ods-mapping': 'odsMapping',
} as const satisfies Readonly<Record<string, WrittenBy<(typeof emitSteps)[number]>>>;

export type EmittedArtifact = keyof typeof emittedArtifacts;

export const emittedArtifactNames = Object.keys(emittedArtifacts) as [EmittedArtifact, ...EmittedArtifact[]];

/** The steps whose files are in the folder of a mapping set. */
export const setSteps: readonly StepName[] = stepNames.filter((name) => name !== 'normalize-schema');

const artifacts: ReadonlyMap<ArtifactName, ArtifactDeclaration> = new Map(
  stepNames.flatMap((writer) => {
    const writes = Object.entries(stepTable[writer].writes) as [ArtifactName, FileDeclaration][];
    return writes.map(([name, declaration]) => [name, { ...declaration, name, writer }] as const);
  }),
);

/** The entry of an artifact in the table. */
export function artifact(name: ArtifactName): ArtifactDeclaration {
  const found = artifacts.get(name);
  if (!found) throw new Error(`There is no artifact ${name}.`);
  return found;
}

/** The file name of an artifact; an artifact per `dialect` needs the dialect. */
export function artifactFile(name: ArtifactName, dialect?: SqlDialect): string {
  const { file, of } = artifact(name);
  if (of !== 'dialect') return file;
  if (dialect === undefined) throw new Error(`There is one ${name} of each dialect.`);
  return file.replace('<d>', dialect);
}

/** The artifacts that a step writes, in the order of the table. */
export function writtenBy(step: StepName): readonly ArtifactDeclaration[] {
  return [...artifacts.values()].filter(({ writer }) => writer === step);
}

/**
 * The names of the files that a step writes for the given dialects: files of the set, of `pgsql`, of `mssql`, of all
 * dialects.
 */
export function artifactsOf(step: StepName, chosen: readonly SqlDialect[] = dialects): string[] {
  return filesOf([step], chosen);
}

/** The file names of several steps, in the order of design 06 §9. */
export function filesOf(steps: readonly StepName[], chosen: readonly SqlDialect[] = dialects): string[] {
  const all = steps.flatMap(writtenBy);
  const named = (of: FileOf) => all.filter((entry) => entry.of === of);
  return [
    ...[...named('schema'), ...named('set')].map(({ file }) => file),
    ...dialects
      .filter((dialect) => chosen.includes(dialect))
      .flatMap((dialect) =>
        named('dialect').flatMap(({ name, only = dialect }) => (only === dialect ? [artifactFile(name, dialect)] : [])),
      ),
    ...named('dialects').map(({ file }) => file),
  ];
}

/**
 * The files of these steps that do not belong to a single dialect. They mark the others as complete, so they are
 * removed first and written last.
 */
export function markerFiles(steps: readonly StepName[]): string[] {
  const others = new Set(steps.flatMap(writtenBy).flatMap(({ file, isMarker }) => (isMarker === false ? [file] : [])));
  return filesOf(steps, []).filter((file) => !others.has(file));
}

/** The files of these steps that contain all dialects of a run. They differ if a run has fewer dialects. */
export function filesOfAllDialects(steps: readonly StepName[]): string[] {
  return steps.flatMap(writtenBy).flatMap(({ file, of }) => (of === 'dialects' ? [file] : []));
}

/** The presentation of the executor of a step in Nx. */
export const taskOf = (step: StepName): TaskFacts => stepTable[step].task;

/** The facts about the target of a step. */
export const targetOf = (step: StepName): StepTable[StepName]['target'] => stepTable[step].target;

/** The commands for the steps that `emit` does not run, in the order of the steps. */
export const otherCommands: readonly string[] = stepNames.flatMap((name) => {
  const { command }: StepDeclaration = stepTable[name];
  return command === undefined ? [] : [command];
});

/** The artifacts that a step reads, with the steps that write them. */
export function readsOf(step: StepName): readonly ArtifactDeclaration[] {
  return stepTable[step].reads.map(artifact);
}

interface ChosenArtifacts {
  /** The steps that make the artifacts, and all steps that they depend on. */
  readonly steps: ReadonlySet<StepName>;
  /** Whether a file of one of these steps is written. */
  readonly isWritten: (file: string) => boolean;
}

/**
 * The steps and files of an `emit` for some artifacts, or for all by default. The manifest of the set is always
 * written: it marks the rest as complete.
 */
export function chosenArtifacts(only: readonly EmittedArtifact[] | undefined): ChosenArtifacts {
  if (only === undefined) return { steps: new Set(emitSteps), isWritten: () => true };
  const names = new Set<string>(['effectiveSchemaManifest', ...only.map((name) => emittedArtifacts[name])]);
  const steps = new Set<StepName>();
  const read = new Set<string>();
  const files = new Set<string>();
  for (const step of emitSteps.toReversed()) {
    const written = writtenBy(step);
    const wanted = written.filter(({ name }) => names.has(name));
    if (wanted.length === 0 && !written.some(({ name }) => read.has(name))) continue;
    steps.add(step);
    for (const name of stepTable[step].reads) read.add(name);
    const manifests = wanted.some(({ of }) => of === 'dialect') ? written.filter(({ of }) => of === 'dialects') : [];
    for (const { file } of [...wanted, ...manifests])
      for (const dialect of dialects) files.add(file.replace('<d>', dialect));
  }
  return { steps, isWritten: (file) => files.has(file) };
}
