import { type JsonPath, rootPath } from '@dms/api-schema';
import {
  type ColumnKind,
  core,
  type FullName,
  type KeyColumnRole,
  type QualifiedResourceName,
  type ReferentialAction,
  type ScalarType,
  type TableIdentity,
  type TableKind,
} from '@dms/model';
import { failResource } from '../input/resource-entry.ts';
import { int32Type, int64Type } from '../input/scalar-type.ts';
import { constraintSignature } from '../naming/constraint-signature.ts';

/** The origin of a name, for collision reports: the name without overrides, the resource, the path. */
interface NameOrigin {
  readonly defaultName: string;
  readonly label: string;
  readonly path: string;
}

/** A full-length table name. */
export interface FullTableName {
  readonly schema: FullName;
  readonly name: FullName;
}

/** How a column is stored: directly, or as a generated alias of a canonical column, gated by a presence column. */
type DraftStorage =
  | { readonly kind: 'Stored' }
  | { readonly kind: 'UnifiedAlias'; readonly canonical: DraftColumn; readonly presence: DraftColumn | null };

/** A column while passes work on it. Passes refer to it as an object; its name is full-length. */
export interface DraftColumn {
  readonly name: FullName;
  readonly kind: ColumnKind;
  scalarType: ScalarType;
  readonly isNullable: boolean;
  readonly sourcePath: JsonPath | null;
  readonly targetResource: QualifiedResourceName | null;
  storage: DraftStorage;
  readonly origin: NameOrigin;
}

/** The stored column behind a column: itself, or the canonical column of its class. */
export function storageOf(column: DraftColumn): DraftColumn {
  return column.storage.kind === 'UnifiedAlias' ? column.storage.canonical : column;
}

/** A structural column of a new table: it identifies a row or its place. */
export interface StructuralColumn {
  readonly name: FullName;
  /** The name without overrides. */
  readonly defaultName: FullName;
  readonly kind: ColumnKind;
  readonly scalarType: ScalarType;
}

/**
 * The structural columns with which a generation identifies the rows of a table, in order, and the purposes of these
 * columns, by name.
 */
export interface TableShape {
  readonly kind: TableKind;
  readonly columns: readonly StructuralColumn[];
  readonly key: readonly { readonly name: FullName; readonly role: KeyColumnRole }[];
  readonly rowIdentity: readonly FullName[];
  readonly rootLocator: readonly FullName[];
  readonly parentLocator: readonly FullName[];
}

interface DraftKeyColumn {
  readonly column: DraftColumn;
  readonly role: KeyColumnRole;
}

/** A value of the semantic identity, which distinguishes the rows of a parent (design 15 §7.1). */
export interface DraftSemanticIdentity {
  readonly relativePath: JsonPath;
  readonly column: DraftColumn;
}

/** A unique key by its purpose (design 03 §5.1, 15 §7.5). */
export interface DraftUnique {
  readonly kind: 'Unique';
  /** The first two purposes give the constraint its name; the others are named after their columns. */
  readonly purpose:
    | 'NaturalKey'
    | 'ReferenceKey'
    | 'ArrayUniqueness'
    | 'SemanticIdentity'
    | 'SiblingOrder'
    | 'ParentTarget';
  readonly columns: readonly DraftColumn[];
}

type ForeignKeyPurpose =
  | { readonly kind: 'Document' }
  /** The document and its resource key (design 22 §2.2). */
  | { readonly kind: 'DocumentResource' }
  | { readonly kind: 'Parent' }
  | { readonly kind: 'Descriptor' }
  /** `fkColumn` is the FK column of the binding, which may be an alias. */
  | { readonly kind: 'Reference'; readonly fkColumn: DraftColumn };

/** A foreign key as shared by all dialects; each dialect decides whether and how updates cascade. */
export interface DraftForeignKey {
  readonly kind: 'ForeignKey';
  readonly purpose: ForeignKeyPurpose;
  readonly columns: readonly DraftColumn[];
  readonly target: DraftTable;
  readonly targetColumns: readonly DraftColumn[];
  readonly onDelete: ReferentialAction;
}

interface DraftAllOrNone {
  readonly kind: 'AllOrNoneNullability';
  readonly fkColumn: DraftColumn;
  readonly dependentColumns: readonly DraftColumn[];
}

interface DraftNullOrTrue {
  readonly kind: 'NullOrTrue';
  readonly column: DraftColumn;
}

export type DraftConstraint = DraftUnique | DraftForeignKey | DraftAllOrNone | DraftNullOrTrue;

/** Columns that hold the same value: the canonical column and the members that became its aliases. */
export interface DraftUnificationClass {
  readonly canonical: DraftColumn;
  readonly members: readonly DraftColumn[];
}

/** A table while passes work on it. Columns are added in any order; the structural columns are the first. */
export class DraftTable {
  readonly table: FullTableName;
  readonly scope: JsonPath;
  readonly origin: NameOrigin;
  readonly kind: TableKind;
  /** Effective base names of the collections that enclose the rows, outermost first. */
  readonly collectionNames: readonly string[];
  readonly keyColumns: readonly DraftKeyColumn[];
  /** The columns that identify a row, its document, and its parent row (design 15 §4.1). */
  readonly rowIdentity: readonly DraftColumn[];
  readonly rootLocator: readonly DraftColumn[];
  readonly parentLocator: readonly DraftColumn[];
  readonly columns = new Map<FullName, DraftColumn>();
  readonly constraints: DraftConstraint[] = [];
  keyUnificationClasses: readonly DraftUnificationClass[] = [];
  semanticIdentity: readonly DraftSemanticIdentity[] = [];
  semanticIdentitySource: TableIdentity['semanticIdentitySource'] = 'Unspecified';
  private readonly signatures = new Map<string, DraftConstraint>();
  private readonly byPath = new Map<string, DraftColumn[]>();

  constructor(facts: {
    table: FullTableName;
    scope: JsonPath;
    origin: NameOrigin;
    collectionNames: readonly string[];
    shape: TableShape;
  }) {
    const { table, scope, origin, collectionNames, shape } = facts;
    this.table = table;
    this.scope = scope;
    this.origin = origin;
    this.collectionNames = collectionNames;
    this.kind = shape.kind;
    for (const { name, defaultName, kind, scalarType } of shape.columns) {
      this.addColumn({
        name,
        kind,
        scalarType,
        isNullable: false,
        sourcePath: null,
        targetResource: null,
        storage: { kind: 'Stored' },
        origin: { defaultName, label: origin.label, path: scope.canonical },
      });
    }
    this.keyColumns = shape.key.map(({ name, role }) => ({ column: this.structural(name), role }));
    const columnsOf = (names: readonly FullName[]) => names.map((name) => this.structural(name));
    this.rowIdentity = columnsOf(shape.rowIdentity);
    this.rootLocator = columnsOf(shape.rootLocator);
    this.parentLocator = columnsOf(shape.parentLocator);
  }

  private structural(name: FullName): DraftColumn {
    const column = this.columns.get(name);
    if (!column) throw new Error(`${this.qualified} has no structural column ${name}`);
    return column;
  }

  get qualified(): string {
    return `${this.table.schema}.${this.table.name}`;
  }

  get key(): readonly DraftColumn[] {
    return this.keyColumns.map(({ column }) => column);
  }

  /** The column with the document id of a row of a root or an abstract identity table. */
  get documentId(): DraftColumn {
    const [first] = this.keyColumns;
    if (first?.role !== 'DocumentId') throw new Error(`the key of ${this.qualified} does not begin with a document`);
    return first.column;
  }

  /** Throws `COLUMN_NAME_COLLISION` with both sources if the name is taken, also by a key column (design 03 §8.1). */
  addColumn(column: DraftColumn): DraftColumn {
    this.checkUnfinished();
    const other = this.columns.get(column.name);
    if (other) {
      const source = ({ origin, name }: DraftColumn) =>
        `${origin.defaultName} -> ${name} (${origin.label} ${origin.path})`;
      const sources = [source(other), source(column)].sort();
      const text = `two columns of table ${this.qualified} are named ${column.name}: ${sources.join('; ')}; rename one with relational.nameOverrides`;
      failResource('COLUMN_NAME_COLLISION', column.origin.label, text, column.origin.path, {
        table: this.qualified,
        column: column.name,
        sources,
      });
    }
    this.columns.set(column.name, column);
    if (column.sourcePath) {
      const same = this.byPath.get(column.sourcePath.canonical);
      if (same) same.push(column);
      else this.byPath.set(column.sourcePath.canonical, [column]);
    }
    return column;
  }

  /** The columns with values at `path` of the document, by name. */
  columnsAt(path: string): readonly DraftColumn[] {
    const columns = this.byPath.get(path);
    if (!columns) return [];
    return columns.length === 1 ? columns : [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds a constraint unless an equal one exists; returns the constraint that is kept (design 03 §5.4). */
  addConstraint<Constraint extends DraftConstraint>(constraint: Constraint): Constraint {
    this.checkUnfinished();
    const signature = constraintSignature(this, constraint);
    const existing = this.signatures.get(signature);
    if (existing) return existing as Constraint;
    this.signatures.set(signature, constraint);
    this.constraints.push(constraint);
    return constraint;
  }

  /** Checked explicitly, because `Object.freeze` does not freeze maps. */
  private checkUnfinished(): void {
    if (Object.isFrozen(this)) throw new Error(`table ${this.qualified} is finished: no pass may add to it`);
  }
}

/** A table of the core schema as the target of foreign keys; derivation knows only its key and these columns. */
function coreTable(
  { schema, name }: { readonly schema: string; readonly name: string },
  addColumns: (table: DraftTable) => unknown = () => undefined,
): DraftTable {
  const table = new DraftTable({
    table: { schema, name },
    scope: rootPath,
    origin: { defaultName: name, label: schema, path: '$' },
    collectionNames: [],
    shape: {
      kind: 'Unspecified',
      columns: [{ name: 'DocumentId', defaultName: 'DocumentId', kind: 'ParentKeyPart', scalarType: int64Type }],
      key: [{ name: 'DocumentId', role: 'DocumentId' }],
      rowIdentity: [],
      rootLocator: [],
      parentLocator: [],
    },
  });
  addColumns(table);
  Object.freeze(table);
  return table;
}

/** The column with the resource key of a document (design 22 §2.1). The kind implies its type. */
export const addResourceKeyColumn = (table: DraftTable): DraftColumn =>
  table.addColumn({
    name: 'ResourceKeyId',
    kind: 'ResourceKeyId',
    scalarType: int32Type,
    isNullable: false,
    sourcePath: null,
    targetResource: null,
    storage: { kind: 'Stored' },
    origin: { ...table.origin, defaultName: 'ResourceKeyId' },
  });

export const documentTable = coreTable(core.document, addResourceKeyColumn);
export const descriptorTable = coreTable(core.descriptor);
