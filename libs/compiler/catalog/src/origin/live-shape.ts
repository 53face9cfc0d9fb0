import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { coreSchema, qualified } from '@dms/model';
import type { Catalog } from '../catalog.ts';
import type { CoreShape, ShapeMark } from '../catalog-rules.ts';
import { generations } from '../generations.ts';

/** The shape of schema `dms` in a database. */
export interface LiveShape {
  readonly name: CoreShape['name'] | 'mixed';
  /** The generation whose tables it has. */
  readonly generation: MappingVersion;
  /** The marks of all shapes of the generation that the database has, and those that it lacks. */
  readonly has: readonly ShapeMark[];
  readonly lacks: readonly ShapeMark[];
}

const coreNames = (version: MappingVersion) => generations[version].coreTables.map(({ name }) => name);

/** The core tables that no other generation has. */
const ownTables = (version: MappingVersion): readonly string[] => {
  const others = new Set(mappingVersions.filter((other) => other !== version).flatMap(coreNames));
  return coreNames(version).filter((name) => !others.has(name));
};

/**
 * The shape of schema `dms` with these objects: its tables, and the keys and valid unique indexes that may be marks. Null
 * if it has no table that only one generation has. So a database that has lost other tables still shows its shape.
 */
export function liveShape(objects: readonly ShapeMark[]): LiveShape | null {
  const found = new Set(objects.map(markKey));
  const exists = (mark: ShapeMark) => found.has(markKey(mark));
  const hasTable = (name: string) => exists({ kind: 'table', table: name, name });
  const generation = mappingVersions.find((version) => ownTables(version).some(hasTable));
  if (generation === undefined) return null;
  const { shapes } = generations[generation];
  const marks = shapes.flatMap((shape) => shape.marks);
  const [has, lacks] = [marks.filter(exists), marks.filter((mark) => !exists(mark))];
  const shape = shapes.find((each) => each.marks.length === has.length && each.marks.every(exists));
  return { name: shape?.name ?? 'mixed', generation, has, lacks };
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

/** The marks of the shapes of all generations. */
export const shapeMarks: readonly ShapeMark[] = mappingVersions.flatMap((version) =>
  generations[version].shapes.flatMap(({ marks }) => marks),
);

/** The objects that a database of this version must not have, because they belong to another shape of its tables. */
export const marksOfOtherShapes = (version: MappingVersion): readonly ShapeMark[] =>
  generations[version].shapes.filter(({ name }) => name !== version).flatMap(({ marks }) => marks);

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
