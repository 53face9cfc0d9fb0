import type { SqlToken } from '@dms/sql';
import type { SystemViews } from '../sent/sent-text.ts';
import type { BoundColumn } from './bind-query.ts';
import { type CollationLabel, databaseOrigin, isTextType, systemOrigin, temporaryOrigin } from './collation-label.ts';

/* The tables that scripts create, with the facts that binding needs. */

export interface TableColumn {
  name: string;
  readonly type: string;
  /** The collation that the table gives the column, in upper case. */
  readonly collation: string | null;
  /** The batch that added the column; its statements do not see it yet. */
  readonly batch: number;
}

/** A condition or value that refers to columns: a check, a computed column, the filter of an index. */
export interface Dependent {
  name: string;
  readonly tokens: readonly SqlToken[];
}

export interface BoundKey {
  name: string;
  columns: string[];
}

export interface BoundTable {
  name: string;
  readonly kind: 'table' | 'view' | 'type' | 'variable';
  /**
   * The batch that created it. When this batch is compiled the table does not exist, so its columns are bound later.
   */
  readonly batch: number;
  columns: TableColumn[];
  readonly keys: BoundKey[];
  readonly dependents: Dependent[];
  /** The columns of a view, or of a table that SELECT INTO creates. */
  readonly bound: readonly BoundColumn[] | null;
}

export const newTable = (name: string, kind: BoundTable['kind'], batch: number): BoundTable => ({
  name,
  kind,
  batch,
  columns: [],
  keys: [],
  dependents: [],
  bound: null,
});

export class BoundCatalog {
  readonly tables = new Map<string, BoundTable>();
  readonly systemViews: SystemViews;
  /** The other databases of the server, by their names in scripts; each may have its own collation. */
  readonly databases: Readonly<Record<string, BoundCatalog>>;

  constructor(systemViews: SystemViews, databases: Readonly<Record<string, BoundCatalog>>) {
    this.systemViews = systemViews;
    this.databases = databases;
  }

  table(names: readonly string[]): BoundTable | undefined {
    const [database = '', ...others] = names;
    if (others.length > 1) return this.databases[database]?.table(others);
    return this.tables.get(names.join('.'));
  }

  /** The columns of a table as a statement of a batch sees them; undefined if there is no such table. */
  columnsOf(names: readonly string[], batch: number): readonly BoundColumn[] | null | undefined {
    if (names.length === 2 && names[0]?.toLowerCase() === 'sys') return this.systemColumns(`sys.${names[1]}`);
    const table = this.table(names);
    if (!table) return undefined;
    if (table.bound) return table.bound;
    const origin = this.originOf(table, names);
    return table.columns
      .filter((column) => column.batch < batch || table.batch >= batch)
      .map(({ name, type, collation }) => {
        const isText = isTextType(type);
        const label: CollationLabel = { kind: 'implicit', origin: collation ?? origin };
        return { name, isText, label: isText ? label : { kind: 'default' } };
      });
  }

  private originOf({ name }: BoundTable, names: readonly string[]): string {
    if (name.startsWith('#')) return temporaryOrigin;
    return names.length > 2 ? `the collation of the database ${names[0]}` : databaseOrigin;
  }

  private systemColumns(view: string): readonly BoundColumn[] | undefined {
    const columns = this.systemViews[view];
    if (!columns) return undefined;
    return Object.entries(columns).map(([name, type]) => {
      const isText = isTextType(type);
      return {
        name,
        isText,
        label: isText ? { kind: 'implicit', origin: systemOrigin(view, name, type) } : { kind: 'default' },
      };
    });
  }
}
