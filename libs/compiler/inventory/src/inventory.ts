import { type ArtifactKind, type DatabaseShape, invalidArtifact, readArtifact, shapes } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { hashStarts, listText } from '@dms/values';
import * as z from 'zod/mini';
import { authEdOrgHierarchy } from './hierarchy.ts';
import { dbTrigger } from './trigger-kinds.ts';

const { dialect, jsonPath, resourceName, scalarType, tableName } = shapes;

/*
 * The inventory of a model (design 05, 15a). Each shape describes a part of `inventory.<dialect>.json`, and the type of
 * the same name is inferred from it, so that the two cannot differ. The shapes of triggers are in `trigger-kinds.ts`.
 */

const text = z.string();
const texts = z.array(text);

/**
 * An index as intent. Constraints create the first two kinds, separate statements the other kinds (design 05 §2, 15a
 * §1).
 */
const dbIndex = z.object({
  name: text,
  table: tableName,
  kind: z.enum(['PrimaryKey', 'UniqueConstraint', 'ForeignKeySupport', 'Explicit', 'Authorization']),
  isUnique: z.boolean(),
  keyColumns: texts,
  includeColumns: texts,
});

export type DbIndex = DatabaseShape<typeof dbIndex>;

const authViewColumn = z.object({
  alias: text,
  column: text,
  /** The name in the view, if different. */
  outputName: z.nullable(text),
});

const authViewJoin = z.object({
  alias: text,
  table: tableName,
  on: z.array(z.object({ leftAlias: text, leftColumn: text, rightAlias: text, rightColumn: text })),
});

export type AuthViewJoin = DatabaseShape<typeof authViewJoin>;

const authViewArm = z.object({
  source: z.object({ alias: text, table: tableName }),
  outputColumns: z.array(authViewColumn),
  joins: z.array(authViewJoin),
});

export type AuthViewArm = DatabaseShape<typeof authViewArm>;

/** A view of schema `auth`: of current rows, or also of deleted rows (`includesDeletes`). */
const authView = z.object({
  view: tableName,
  includesDeletes: z.boolean(),
  armsSetOperator: z.enum(['NONE', 'UNION', 'UNION_ALL']),
  arms: z.array(authViewArm),
});

export type AuthView = DatabaseShape<typeof authView>;

const trackedChangeOrigin = z.enum(['Identity', 'SecurableElement']);

export type TrackedChangeOrigin = z.output<typeof trackedChangeOrigin>;

/** A value that is recorded before and after a change (design 15a §4). */
const trackedValue = z.object({
  oldColumn: text,
  newColumn: text,
  sourceJsonPath: jsonPath,
  /** The stored column behind an alias, or `DocumentId` for a person's own id; null if the value is read directly. */
  canonicalStorageColumn: z.nullable(text),
  isOldColumnNullable: z.boolean(),
  isNewColumnNullable: z.boolean(),
  scalarType,
  role: z.enum(['Scalar', 'DescriptorNamespace', 'DescriptorCodeValue', 'PersonDocumentId']),
  origins: z.array(trackedChangeOrigin),
  /** The column of the source table with the value; null if a person join provides the value. */
  sourceColumn: z.nullable(text),
  descriptorJoinName: z.nullable(text),
  personJoinName: z.nullable(text),
});

export type TrackedValue = DatabaseShape<typeof trackedValue>;

/** The source of the namespace and code value of a descriptor. */
const trackedDescriptorJoin = z.object({ name: text, sourceColumn: text, descriptorResource: resourceName });

export type TrackedDescriptorJoin = DatabaseShape<typeof trackedDescriptorJoin>;

const personKind = z.enum(['Student', 'Contact', 'Staff']);

export type PersonKind = z.output<typeof personKind>;

/** One step on the path from a resource to a person (design 15a §2). */
const personJoinStep = z.object({
  sourceTable: tableName,
  sourceColumn: text,
  targetTable: tableName,
  targetColumn: text,
});

export type PersonJoinStep = DatabaseShape<typeof personJoinStep>;

const trackedPersonJoin = z.object({ name: text, personKind, joinPath: z.array(personJoinStep) });

/** A column that is not a value; `scalarType` is null for a uuid. */
const trackedSystemColumn = z.object({
  role: z.enum(['Discriminator', 'Id', 'ChangeVersion', 'CreatedAt']),
  column: text,
  scalarType: z.nullable(scalarType),
  isPrimaryKey: z.boolean(),
});

export type TrackedSystemColumn = DatabaseShape<typeof trackedSystemColumn>;

/** A table that records deletes and changed keys of a resource, or of all descriptors (design 15a §4). */
const trackedChangeTable = z.object({
  table: tableName,
  kind: z.enum(['Resource', 'ConcreteAbstract', 'SharedDescriptor']),
  sourceTable: tableName,
  primaryKeyName: text,
  createdAtDefaultName: text,
  valueColumns: z.array(trackedValue),
  systemColumns: z.array(trackedSystemColumn),
  descriptorJoins: z.array(trackedDescriptorJoin),
  personJoins: z.array(trackedPersonJoin),
});

export type TrackedChangeTable = DatabaseShape<typeof trackedChangeTable>;

/** The indexes, triggers and other objects that follow from a model; lists are sorted by table schema, table, name. */
const inventoryContent = z.object({
  dialect,
  indexes: z.array(dbIndex),
  triggers: z.array(dbTrigger()),
  /** The tables sorted by schema and name; empty in a generation without tracked changes (design 15a §4). */
  trackedChangeTables: z.array(trackedChangeTable),
  authEdOrgHierarchy: z.nullable(authEdOrgHierarchy()),
  /** Views of the people whose data an education organization may see; empty if there are none (design 15a §5). */
  authViews: z.array(authView),
});

export type Inventory = DatabaseShape<typeof inventoryContent>;

/** The number of the file format; every change of the format changes it. */
const format = 3;

const kind: ArtifactKind = { name: 'inventory file', member: 'inventoryFormat', formats: [format] };

// the format number comes first: it identifies another format better than missing members do
const file = z.extend(z.object({ inventoryFormat: z.literal(format), modelHash: z.string() }), inventoryContent.shape);

/**
 * The text of `inventory.<dialect>.json` (design 05 §8.1).
 *
 * @param modelHash SHA-256 of the model file that the inventory was derived from, lower-case hex
 */
export const inventoryText = (inventory: Inventory, modelHash: string): string =>
  listText({ inventoryFormat: format, modelHash, ...inventory });

/** Reads the inventory file of a model. Throws `MODEL_FILE_INVALID`, also for the inventory of another model. */
export function readInventory(text: string, name: string, dialect: SqlDialect, modelHash: string): Inventory {
  const { inventoryFormat: _, modelHash: found, ...inventory } = readArtifact(file, text, name, dialect, kind);
  if (found !== modelHash) {
    const [other, own] = hashStarts(found, modelHash);
    const text = `it was derived from the model ${other}…, and the model beside it is ${own}…`;
    invalidArtifact(name, `${kind.name} of format ${format} for ${dialect}`, text);
  }
  return inventory;
}
