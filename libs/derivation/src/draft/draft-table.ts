import type { JsonPath } from '@dms/api-schema';
import type { ColumnKind, FullName, KeyColumnRole, QualifiedResourceName, ReferentialAction, ScalarType } from '@dms/model';
import { failResource } from '../input/resource-entry.ts';
import { int32Type, int64Type } from '../input/scalar-type.ts';
import { documentFkColumn } from '../naming/constraint-name.ts';
import { constraintSignature } from '../naming/constraint-signature.ts';

/** Where a name comes from, for collision reports: the name it would have without overrides, the resource, the path. */
export interface NameOrigin {
  readonly defaultName: string;
  readonly label: string;
  readonly path: string;
}

/** A table name of full length. */
export interface FullTableName {
  readonly schema: FullName;
  readonly name: FullName;
}

/** How a column is stored: by itself, or as a generated alias of a canonical column, gated by a presence column. */
export type DraftStorage =
  | { readonly kind: 'Stored' }
  | { readonly kind: 'UnifiedAlias'; readonly canonical: DraftColumn; readonly presence: DraftColumn | null };

/** A column while passes work on it: passes refer to it as an object, its name is full-length. */
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

/** Name, kind and role of a key column that a table is made with. */
export interface KeyColumnFacts {
  readonly name: FullName;
  readonly role: KeyColumnRole;
}

export interface DraftKeyColumn {
  readonly column: DraftColumn;
  readonly role: KeyColumnRole;
}

/** A unique key by what it is for, which its name says (design 03 §5.1). */
export interface DraftUnique {
  readonly kind: 'Unique';
  readonly purpose: 'NaturalKey' | 'ReferenceKey' | 'ArrayUniqueness';
  readonly columns: readonly DraftColumn[];
}

export type ForeignKeyPurpose =
  | { readonly kind: 'Document' }
  | { readonly kind: 'Parent' }
  | { readonly kind: 'Descriptor' }
  /** `fkColumn` is that of the binding, which may be an alias. */
  | { readonly kind: 'Reference'; readonly fkColumn: DraftColumn };

/** A foreign key as all dialects have it; whether and how updates cascade is decided per dialect. */
export interface DraftForeignKey {
  readonly kind: 'ForeignKey';
  readonly purpose: ForeignKeyPurpose;
  readonly columns: readonly DraftColumn[];
  readonly target: DraftTable;
  readonly targetColumns: readonly DraftColumn[];
  readonly onDelete: ReferentialAction;
}

export interface DraftAllOrNone {
  readonly kind: 'AllOrNoneNullability';
  readonly fkColumn: DraftColumn;
  readonly dependentColumns: readonly DraftColumn[];
}

export interface DraftNullOrTrue {
  readonly kind: 'NullOrTrue';
  readonly column: DraftColumn;
}

export type DraftConstraint = DraftUnique | DraftForeignKey | DraftAllOrNone | DraftNullOrTrue;

/** Columns that hold one value: the canonical column and the members that became its aliases. */
export interface DraftUnificationClass {
  readonly canonical: DraftColumn;
  readonly members: readonly DraftColumn[];
}

/** A table while passes work on it. Columns are added in any order; the key columns are the first. */
export class DraftTable {
  readonly table: FullTableName;
  readonly scope: JsonPath;
  readonly origin: NameOrigin;
  /** Effective base names of the collections that enclose the rows, outermost first. */
  readonly collectionNames: readonly string[];
  readonly keyColumns: readonly DraftKeyColumn[];
  readonly columns = new Map<FullName, DraftColumn>();
  readonly constraints: DraftConstraint[] = [];
  keyUnificationClasses: readonly DraftUnificationClass[] = [];
  private readonly signatures = new Map<string, DraftConstraint>();
  private readonly byPath = new Map<string, DraftColumn[]>();

  constructor(facts: {
    table: FullTableName;
    scope: JsonPath;
    origin: NameOrigin;
    collectionNames: readonly string[];
    keyColumns: readonly KeyColumnFacts[];
    /** Names of the key columns without overrides; those of `keyColumns` when not given. */
    defaultKeyNames?: readonly string[];
  }) {
    this.table = facts.table;
    this.scope = facts.scope;
    this.origin = facts.origin;
    this.collectionNames = facts.collectionNames;
    this.keyColumns = facts.keyColumns.map(({ name, role }, index) => {
      const column = this.addColumn({
        name,
        kind: keyColumnKind(role),
        scalarType: role === 'DocumentId' ? int64Type : int32Type,
        isNullable: false,
        sourcePath: null,
        targetResource: null,
        storage: { kind: 'Stored' },
        origin: {
          defaultName: facts.defaultKeyNames?.[index] ?? name,
          label: facts.origin.label,
          path: facts.scope.canonical,
        },
      });
      return { column, role };
    });
  }

  get qualified(): string {
    return `${this.table.schema}.${this.table.name}`;
  }

  /** The key columns of the row that encloses a row of this table; all of them where there is none. */
  get parentKey(): readonly DraftColumn[] {
    return this.keyColumns.filter(({ role }) => role !== 'Ordinal').map(({ column }) => column);
  }

  get key(): readonly DraftColumn[] {
    return this.keyColumns.map(({ column }) => column);
  }

  /** The column of the document that a row belongs to. */
  get documentId(): DraftColumn {
    const [first] = this.keyColumns;
    if (!first) throw new Error(`${this.qualified} has no key`);
    return first.column;
  }

  /** Throws `COLUMN_NAME_COLLISION` with both sources when the name is taken, by a key column too (design 03 §8.1). */
  addColumn(column: DraftColumn): DraftColumn {
    this.checkUnfinished();
    const other = this.columns.get(column.name);
    if (other) {
      const source = ({ origin, name }: DraftColumn) => `${origin.defaultName} -> ${name} (${origin.label} ${origin.path})`;
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

  /** The columns whose values stand at `path` of the document, by name. */
  columnsAt(path: string): readonly DraftColumn[] {
    const columns = this.byPath.get(path);
    if (!columns) return [];
    return columns.length === 1 ? columns : [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds a constraint unless one of equal meaning is there; returns the one that stays (design 03 §5.4). */
  addConstraint<Constraint extends DraftConstraint>(constraint: Constraint): Constraint {
    this.checkUnfinished();
    const signature = constraintSignature(this, constraint);
    const existing = this.signatures.get(signature);
    if (existing) return existing as Constraint;
    this.signatures.set(signature, constraint);
    this.constraints.push(constraint);
    return constraint;
  }

  /** Freezing does not reach into maps. */
  private checkUnfinished(): void {
    if (Object.isFrozen(this)) throw new Error(`table ${this.qualified} is finished: no pass may add to it`);
  }
}

/** Ordinals of enclosing rows are parts of the parent's key, as the document id is. */
export const keyColumnKind = (role: KeyColumnRole): 'ParentKeyPart' | 'Ordinal' =>
  role === 'Ordinal' ? 'Ordinal' : 'ParentKeyPart';

/** The key columns of a table below `root` with the given collections around its rows (design 02 §6.6). */
export function keyColumnsFor(root: string, collectionNames: readonly string[]): KeyColumnFacts[] {
  if (collectionNames.length === 0) return [{ name: 'DocumentId', role: 'DocumentId' }];
  return [
    { name: documentFkColumn(root), role: 'DocumentId' },
    ...collectionNames.slice(0, -1).map((name) => ({ name: `${name}Ordinal`, role: 'ParentOrdinal' as const })),
    { name: 'Ordinal', role: 'Ordinal' },
  ];
}
