export interface ArtifactFacts {
  readonly otherReaders: string;
  readonly format: string;
  readonly chapter: string;
}

/**
 * Facts about an artifact that the table of steps does not have, by its file name there: who else reads it, whether its
 * bytes are fixed, and the chapter that describes it.
 *
 * `exact`: fixed to the byte. `ours`: deterministic, but the rendering may change with a version.
 */
export const artifactFacts: Readonly<Record<string, ArtifactFacts>> = {
  'schema.normalized.json': { otherReaders: '', format: 'exact', chapter: '01 §5.5' },
  'effective-schema.manifest.json': { otherReaders: '', format: 'exact', chapter: '01 §9' },
  'document-schemas.json': { otherReaders: '`dms-ddl load`', format: 'ours', chapter: '01 §9.1' },
  'relational-model.<d>.json': { otherReaders: '', format: 'ours', chapter: '02 §15' },
  'inventory.<d>.json': { otherReaders: '', format: 'ours', chapter: '05 §8' },
  'relational-model.<d>.manifest.json': { otherReaders: 'people, tests', format: 'exact', chapter: '03 §11' },
  'plans.<d>.json': { otherReaders: 'a program', format: 'ours', chapter: '08 §11' },
  'mappingset.manifest.json': { otherReaders: 'people, tests', format: 'exact', chapter: '08 §11' },
  'mappingset.<d>.mpack': { otherReaders: 'a program, `dms-ddl`', format: 'payload exact', chapter: '08 §12' },
  'pack.<d>.manifest.json': { otherReaders: 'people, tests', format: 'exact', chapter: '08 §12.6' },
  '<d>.sql': { otherReaders: 'a database', format: 'ours; the catalog that it creates is exact', chapter: '06, 07' },
  'catalog.<d>.json': { otherReaders: '`dms-ddl check`, people', format: 'ours', chapter: '09 §3.2' },
  'ddl.manifest.json': { otherReaders: 'people', format: 'exact, except for the script hashes', chapter: '06 §8' },
  'verification.<d>.json': { otherReaders: 'people, CI', format: 'ours', chapter: '09 §6' },
  'ods-mapping.json': {
    otherReaders: '`dms-ddl reporting`, `read-ods`, `load --from-ods`, `dictionary`',
    format: 'ours; tables and columns exact',
    chapter: '19 §5.9',
  },
  'reporting.<d>.sql': { otherReaders: 'a database', format: "ours; the views' columns exact", chapter: '19 §8' },
  'comments.<d>.sql': { otherReaders: 'a database', format: 'ours', chapter: '13 §8' },
  'model.html': { otherReaders: 'people', format: 'ours', chapter: '13 §1' },
  'impact.<d>.json': { otherReaders: 'people, CI', format: 'ours', chapter: '09 §4.4' },
  'upgrade.<d>.sql': { otherReaders: 'a database', format: 'ours', chapter: '12 §6' },
  'prepare.mssql.sql': { otherReaders: 'a database (SQL Server)', format: 'ours', chapter: '12 §14.5' },
  'switch.mssql.sql': { otherReaders: 'a database (SQL Server)', format: 'ours', chapter: '12 §14.5' },
  'upgrade.<d>.json': { otherReaders: 'people, CI', format: 'ours', chapter: '12 §6' },
};

/** The commands that run the steps which `emit` does not run, in the order in which they are named. */
const commandsOfSteps: Readonly<Record<string, string>> = {
  'normalize-schema': '',
  'build-pack': 'pack build',
  'emit-reporting': 'reporting emit',
  'emit-comments': 'comments emit',
  'explore-model': 'explore',
  'verify-db': 'verify',
  'report-impact': 'impact',
  'plan-upgrade': 'upgrade plan',
};

/**
 * The commands that write artifacts which `emit` does not write, for a sentence. Fails if the table of steps has a
 * writer whose command is unknown here.
 */
export function otherWriters(artifacts: readonly { readonly writer: string }[], emitSteps: readonly string[]): string {
  const writers = new Set(artifacts.map(({ writer }) => writer).filter((writer) => !emitSteps.includes(writer)));
  const unknown = [...writers].filter((writer) => commandsOfSteps[writer] === undefined);
  if (unknown.length > 0)
    throw new Error(`tools/generate/reference/artifact-facts.ts lacks the command that runs ${unknown.join(', ')}.`);
  const commands = Object.entries(commandsOfSteps).flatMap(([step, command]) =>
    writers.has(step) && command !== '' ? [`\`${command}\``] : [],
  );
  return `${commands.slice(0, -1).join(', ')} and ${commands.at(-1)}`;
}
