import { fingerprintVersions, type MappingVersion, mappingVersions } from '@dms/api-schema';
import { coreSchema, qualified } from '@dms/model';
import { dialectOf, type SqlDialect, textOf } from '@dms/sql';
import type { Catalog } from '../catalog.ts';
import type { ShapeMark } from '../catalog-rules.ts';
import { generations } from '../generations.ts';

/** The shape of schema `dms` in a database. */
export interface LiveShape {
  readonly name: MappingVersion | 'mixed';
  /** The generation of that name; for a mixed shape the first one with its fingerprint version. */
  readonly generation: MappingVersion;
  /** The marks of all generations with its fingerprint version: those that the database has, and those that it lacks. */
  readonly has: readonly ShapeMark[];
  readonly lacks: readonly ShapeMark[];
}

/** The objects that tell the databases of a version from those of generations like it; empty if there are none. */
export function marksOfShape(version: MappingVersion): readonly ShapeMark[] {
  return generations[version].marks;
}

const coreNames = (version: MappingVersion) => generations[version].coreTables.map(({ name }) => name);

/** Whether two generations have the same fingerprint version, so that only marks tell their databases apart. */
const areKin = (a: MappingVersion, b: MappingVersion) => fingerprintVersions[a] === fingerprintVersions[b];

/** The core tables that no generation with another fingerprint version has. */
const ownTables = (version: MappingVersion): readonly string[] => {
  const others = new Set(mappingVersions.filter((other) => !areKin(other, version)).flatMap(coreNames));
  return coreNames(version).filter((name) => !others.has(name));
};

/**
 * The shape of schema `dms` with these objects: its tables, and the keys and valid unique indexes that may be marks. Null
 * if it has no table that only one generation has. So a database that has lost other tables still shows its shape.
 * `isPrepared` tells the marks that `upgrade prepare` has made: without them, the database has its shape of before.
 */
export function liveShape(
  objects: readonly ShapeMark[],
  isPrepared: (mark: ShapeMark) => boolean = () => false,
): LiveShape | null {
  const found = new Set(objects.map(markKey));
  const exists = (mark: ShapeMark) => found.has(markKey(mark));
  const hasTable = (name: string) => exists({ kind: 'table', table: name, name });
  const first = mappingVersions.find((version) => ownTables(version).some(hasTable));
  if (first === undefined) return null;
  const kin = mappingVersions.filter((version) => areKin(version, first));
  const marks = kin.flatMap(marksOfShape);
  const [has, lacks] = [marks.filter(exists), marks.filter((mark) => !exists(mark))];
  const withMarks = (some: readonly ShapeMark[]) =>
    kin.find((version) => marksOfShape(version).length === some.length && marksOfShape(version).every(exists));
  const whole = withMarks(has);
  const generation = whole ?? withMarks(has.filter((mark) => !isPrepared(mark)));
  return { name: generation ?? 'mixed', generation: generation ?? first, has, lacks };
}

const markKey = ({ kind, table, name }: ShapeMark): string => [kind, table, name].join('\n');

/** The same of a catalog that was read from a database. */
export function shapeOfCatalog({ tables }: Pick<Catalog, 'tables'>): LiveShape | null {
  return liveShape(
    tables
      .filter(({ schema }) => schema === coreSchema)
      .flatMap(({ name: table, uniques, indexes, foreignKeys }): readonly ShapeMark[] => [
        { kind: 'table', table, name: table },
        ...uniques.map(({ name }) => ({ kind: 'unique', table, name }) as const),
        ...indexes.filter(isUsable).map(({ name }) => ({ kind: 'index', table, name }) as const),
        ...foreignKeys.map(({ name }) => ({ kind: 'foreignKey', table, name }) as const),
      ]),
  );
}

const isUsable = ({ unique, valid }: { readonly unique: boolean; readonly valid: boolean }) => unique && valid;

/**
 * Whether a database has the schema set of another catalog, in its shape: generations with one fingerprint version have
 * the same hash for a schema set (design 22 §1).
 */
export const isOfSet = (live: Catalog, { fingerprint, mappingVersion }: Catalog): boolean =>
  live.fingerprint !== null &&
  live.fingerprint.effectiveSchemaHash === fingerprint?.effectiveSchemaHash &&
  live.mappingVersion === mappingVersion;

/** The marks of all generations. */
export const shapeMarks: readonly ShapeMark[] = mappingVersions.flatMap(marksOfShape);

/** The objects that a database of this version must not have, because they are marks of generations like it. */
export const marksOfOtherShapes = (version: MappingVersion): readonly ShapeMark[] =>
  mappingVersions.filter((other) => other !== version && areKin(other, version)).flatMap(marksOfShape);

/**
 * Whether a script makes the marks of a generation and none of another shape. Its preflight may look for the others, in
 * texts.
 */
export function isScriptOfShape(script: string, version: MappingVersion, dialect: SqlDialect): boolean {
  const { id } = dialectOf[dialect];
  const makes = ({ name }: ShapeMark) => [' ', '\n'].some((after) => script.includes(`${textOf(id(name))}${after}`));
  return marksOfShape(version).every(makes) && !marksOfOtherShapes(version).some(makes);
}

/** A shape in a sentence: `v2`, or `mixed (it has the table dms.ReferentialIdentity, and lacks …)`. */
export function shapeText({ name, has, lacks }: LiveShape): string {
  if (name !== 'mixed') return name;
  const parts = [
    ...(has.length === 0 ? [] : [`has ${has.map(markText).join(', ')}`]),
    ...(lacks.length === 0 ? [] : [`lacks ${lacks.map(markText).join(', ')}`]),
  ];
  return `mixed (it ${parts.join(', and ')})`;
}

/** A mark as text: `the table dms.ReferentialIdentity`, `FK_Descriptor_DocumentResourceKey on dms.Descriptor`. */
const markText = ({ kind, table, name }: ShapeMark): string =>
  kind === 'table'
    ? `the table ${qualified({ schema: coreSchema, name })}`
    : `${name} on ${qualified({ schema: coreSchema, name: table })}`;
