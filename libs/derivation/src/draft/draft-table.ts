import type { JsonPath } from '@dms/api-schema';
import {
  type ColumnKind,
  type ColumnStorage,
  type DbTableName,
  type ForeignKeyConstraint,
  isDocumentIdName,
  type KeyColumn,
  type KeyUnificationClass,
  type QualifiedResourceName,
  type ScalarType,
  type TableConstraint,
} from '@dms/model';
import { failResource } from '../input/resource-entry.ts';
import { int32Type, int64Type } from '../input/scalar-type.ts';
import { constraintSignature, documentFkColumn, primaryKeyName } from '../naming/constraint-name.ts';

/** Where a name comes from, for collision reports: the name it would have without overrides, the resource, the path. */
export interface NameOrigin {
  readonly defaultName: string;
  readonly label: string;
  readonly path: string;
}

/** A column while passes work on it; names are full-length. */
export interface DraftColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  scalarType: ScalarType;
  readonly isNullable: boolean;
  readonly sourcePath: JsonPath | null;
  readonly targetResource: QualifiedResourceName | null;
  storage: ColumnStorage;
  readonly origin: NameOrigin;
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

/** A constraint while passes work on it; `name` becomes final in the pass that shortens constraint names. */
export type DraftConstraint = TableConstraint extends infer Kind
  ? Kind extends TableConstraint
    ? Mutable<Kind>
    : never
  : never;

export type DraftForeignKey = Mutable<ForeignKeyConstraint>;

/** A table while passes work on it. Columns are added in any order; the key columns are the first. */
export class DraftTable {
  readonly table: DbTableName;
  readonly scope: JsonPath;
  readonly origin: NameOrigin;
  /** Effective base names of the collections that enclose the rows, outermost first. */
  readonly collectionNames: readonly string[];
  readonly keyColumns: readonly KeyColumn[];
  primaryKeyName: string;
  readonly columns = new Map<string, DraftColumn>();
  readonly constraints: DraftConstraint[] = [];
  keyUnificationClasses: KeyUnificationClass[] = [];
  /** Names before they were shortened, for collision reports. */
  readonly fullConstraintNames = new Map<DraftConstraint, string>();
  private readonly signatures = new Map<string, DraftConstraint>();
  private readonly byPath = new Map<string, DraftColumn[]>();

  constructor(facts: {
    table: DbTableName;
    scope: JsonPath;
    origin: NameOrigin;
    collectionNames: readonly string[];
    keyColumns: readonly KeyColumn[];
    /** Names of the key columns without overrides; those of `keyColumns` when not given. */
    defaultKeyNames?: readonly string[];
  }) {
    this.table = facts.table;
    this.scope = facts.scope;
    this.origin = facts.origin;
    this.collectionNames = facts.collectionNames;
    this.keyColumns = facts.keyColumns;
    this.primaryKeyName = primaryKeyName(facts.table.name);
    for (const [index, { name, kind }] of facts.keyColumns.entries()) {
      this.addColumn({
        name,
        kind,
        scalarType: kind === 'ParentKeyPart' && isDocumentIdName(name) ? int64Type : int32Type,
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
    }
  }

  /** The same table with constraints of its own, which `constraints` lists by those that they come from. */
  fork(constraints: Map<DraftConstraint, DraftConstraint>): DraftTable {
    const copies = this.constraints.map((constraint) => {
      const copy = { ...constraint };
      constraints.set(constraint, copy);
      return copy;
    });
    const signatures = new Map(
      [...this.signatures].map(([text, constraint]) => [text, constraints.get(constraint) ?? constraint]),
    );
    const own = { constraints: copies, fullConstraintNames: new Map(), signatures };
    return Object.assign(Object.create(DraftTable.prototype) as DraftTable, this, own);
  }

  get qualified(): string {
    return `${this.table.schema}.${this.table.name}`;
  }

  get keyNames(): string[] {
    return this.keyColumns.map((column) => column.name);
  }

  /** Throws `COLUMN_NAME_COLLISION` with both sources when the name is taken, by a key column too (design 03 §8.1). */
  addColumn(column: DraftColumn): void {
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
  }

  /** The columns whose values stand at `path` of the document, by name. */
  columnsAt(path: string): readonly DraftColumn[] {
    const columns = this.byPath.get(path);
    if (!columns) return [];
    return columns.length === 1 ? columns : [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds a constraint unless one of equal meaning is there; returns the one that stays (design 03 §5.4). */
  addConstraint<Constraint extends DraftConstraint>(constraint: Constraint): Constraint {
    const signature = constraintSignature(this.table, constraint);
    const existing = this.signatures.get(signature);
    if (existing) return existing as Constraint;
    this.signatures.set(signature, constraint);
    this.constraints.push(constraint);
    return constraint;
  }

  /** The stored column behind a column: itself, or the canonical column of its class. */
  storageOf(column: string): string {
    const found = this.columns.get(column);
    return found?.storage.kind === 'UnifiedAlias' ? found.storage.canonicalColumn : column;
  }
}

/** The key columns of a table below `root` with the given collections around its rows (design 02 §6.6). */
export function keyColumnsFor(root: string, collectionNames: readonly string[]): KeyColumn[] {
  if (collectionNames.length === 0) return [{ name: 'DocumentId', kind: 'ParentKeyPart' }];
  return [
    { name: documentFkColumn(root), kind: 'ParentKeyPart' },
    ...collectionNames.slice(0, -1).map((name) => ({ name: `${name}Ordinal`, kind: 'ParentKeyPart' as const })),
    { name: 'Ordinal', kind: 'Ordinal' },
  ];
}
