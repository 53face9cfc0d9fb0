import { dialects, type SqlDialect } from '@dms/sql';

/**
 * What a file belongs to: a `schema` project, a mapping `set`, each `dialect` of a set (its name then contains `<d>`),
 * or all `dialects` of a run together.
 */
type FileOf = 'schema' | 'set' | 'dialect' | 'dialects';

interface FileDeclaration {
  readonly file: string;
  readonly of: FileOf;
  readonly isMarker?: false;
  /** The only dialect that has this file. */
  readonly only?: SqlDialect;
}

interface StepDeclaration {
  /** Artifacts of earlier steps. */
  readonly reads: readonly string[];
  /** A file without a dialect marks the others as complete, unless `isMarker` is false. */
  readonly writes: Readonly<Record<string, FileDeclaration>>;
}

/**
 * The steps in the order in which they run, with the artifacts that each reads and the files that it writes. All
 * artifacts of a mapping set lie in one folder. This is data without code, so that the inference of the plugin can load
 * it quickly. The work of a step is a `Step` with the same name, and the types make it match its row.
 */
export const stepTable = {
  'normalize-schema': {
    reads: [],
    writes: { normalizedSchema: { file: 'schema.normalized.json', of: 'schema' } },
  },
  'derive-model': {
    reads: ['normalizedSchema'],
    writes: {
      effectiveSchemaManifest: { file: 'effective-schema.manifest.json', of: 'set' },
      documentSchemas: { file: 'document-schemas.json', of: 'set', isMarker: false },
      model: { file: 'relational-model.<d>.json', of: 'dialect' },
    },
  },
  'derive-inventory': {
    reads: ['model', 'effectiveSchemaManifest'],
    writes: {
      inventory: { file: 'inventory.<d>.json', of: 'dialect' },
      modelManifest: { file: 'relational-model.<d>.manifest.json', of: 'dialect' },
    },
  },
  'compile-plans': {
    reads: ['model', 'effectiveSchemaManifest'],
    writes: {
      plans: { file: 'plans.<d>.json', of: 'dialect' },
      mappingSetManifest: { file: 'mappingset.manifest.json', of: 'dialects' },
    },
  },
  'build-pack': {
    reads: ['model', 'effectiveSchemaManifest'],
    writes: {
      pack: { file: 'mappingset.<d>.mpack', of: 'dialect' },
      packManifest: { file: 'pack.<d>.manifest.json', of: 'dialect' },
    },
  },
  'emit-ddl': {
    reads: ['model', 'inventory', 'effectiveSchemaManifest'],
    writes: {
      script: { file: '<d>.sql', of: 'dialect' },
      catalog: { file: 'catalog.<d>.json', of: 'dialect' },
      ddlManifest: { file: 'ddl.manifest.json', of: 'dialects' },
    },
  },
  'derive-ods-mapping': {
    reads: ['normalizedSchema', 'effectiveSchemaManifest'],
    writes: { odsMapping: { file: 'ods-mapping.json', of: 'set', isMarker: false } },
  },
  'emit-reporting': {
    reads: ['model', 'effectiveSchemaManifest', 'odsMapping'],
    writes: { reportingScript: { file: 'reporting.<d>.sql', of: 'dialect' } },
  },
  'emit-comments': {
    reads: ['model', 'effectiveSchemaManifest', 'documentSchemas'],
    writes: { commentsScript: { file: 'comments.<d>.sql', of: 'dialect' } },
  },
  'verify-db': {
    reads: ['effectiveSchemaManifest', 'model', 'inventory', 'script', 'catalog', 'ddlManifest', 'odsMapping'],
    writes: { verification: { file: 'verification.<d>.json', of: 'dialect' } },
  },
  'explore-model': {
    reads: ['model', 'inventory', 'catalog', 'effectiveSchemaManifest', 'documentSchemas', 'odsMapping'],
    writes: { page: { file: 'model.html', of: 'dialects' } },
  },
  'report-impact': {
    reads: ['model', 'inventory', 'catalog', 'effectiveSchemaManifest', 'documentSchemas'],
    writes: { impact: { file: 'impact.<d>.json', of: 'dialect' } },
  },
  'plan-upgrade': {
    reads: ['effectiveSchemaManifest', 'documentSchemas', 'model', 'inventory', 'catalog'],
    writes: {
      upgradeScript: { file: 'upgrade.<d>.sql', of: 'dialect' },
      upgrade: { file: 'upgrade.<d>.json', of: 'dialect' },
      prepareScript: { file: 'prepare.<d>.sql', of: 'dialect', only: 'mssql' },
      switchScript: { file: 'switch.<d>.sql', of: 'dialect', only: 'mssql' },
    },
  },
  'verify-upgrade': {
    reads: ['effectiveSchemaManifest', 'documentSchemas', 'model', 'inventory', 'script', 'catalog'],
    writes: {},
  },
} as const satisfies Readonly<Record<string, StepDeclaration>>;

type Table = typeof stepTable;

export type StepName = keyof Table;

export type ReadBy<Name extends StepName> = Table[Name]['reads'][number];

export type WrittenBy<Name extends StepName> = { [Each in Name]: keyof Table[Each]['writes'] }[Name];

export type ArtifactName = WrittenBy<StepName>;

/** An artifact as declared in the table, with the step that writes it. */
export interface ArtifactDeclaration extends FileDeclaration {
  readonly name: ArtifactName;
  readonly writer: StepName;
}

export const stepNames = Object.keys(stepTable) as readonly StepName[];

/** The steps whose artifacts are all that later commands read; `dms-ddl emit` runs them. */
export const emitSteps = [
  'derive-model',
  'derive-inventory',
  'compile-plans',
  'emit-ddl',
  'derive-ods-mapping',
] as const satisfies StepName[];

/** The steps of the reporting views; `dms-ddl reporting emit` runs them after `derive-model`. */
export const reportingSteps = ['derive-ods-mapping', 'emit-reporting'] as const satisfies StepName[];

/**
 * What `dms-ddl emit` can be asked for alone, by the name that a user gives it. The manifest of all dialects of a step
 * comes with its artifacts.
 */
export const emittedArtifacts = {
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

/** The same for several steps together, in the order of design 06 §9. */
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
 * The files of these steps that do not belong to a single dialect, and so mark the others as complete: they are removed
 * first and written last.
 */
export function markerFiles(steps: readonly StepName[]): string[] {
  const others = new Set(steps.flatMap(writtenBy).flatMap(({ file, isMarker }) => (isMarker === false ? [file] : [])));
  return filesOf(steps, []).filter((file) => !others.has(file));
}

/** The files of these steps that contain all dialects of a run, and so differ if a run has fewer dialects. */
export function filesOfAllDialects(steps: readonly StepName[]): string[] {
  return steps.flatMap(writtenBy).flatMap(({ file, of }) => (of === 'dialects' ? [file] : []));
}

/** The artifacts that a step reads, with the steps that write them. */
export function readsOf(step: StepName): readonly ArtifactDeclaration[] {
  return stepTable[step].reads.map(artifact);
}

export interface ChosenArtifacts {
  /** The steps that make the artifacts, and the steps that these read from. */
  readonly steps: ReadonlySet<StepName>;
  /** Whether a file of one of these steps is written. */
  readonly isWritten: (file: string) => boolean;
}

/**
 * What `emit` does for some artifacts, or for all of them by default. The manifest of the set is always written: it
 * marks the rest as complete.
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
