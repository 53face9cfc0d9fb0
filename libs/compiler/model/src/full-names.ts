import type { DbTableName, RelationalModelSet } from './model.ts';
import type { FinalName, FullName } from './naming/name-forms.ts';

/** `schema.name` of a table: its key in lookups. */
export type TableNameKey = string & { readonly tableKey: unique symbol };

/** `schema.name`: the key of tables in lookups, and their name in messages. */
export const qualified = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

export const tableKey = (name: { readonly schema: string; readonly name: string }) => qualified(name) as TableNameKey;

/** The parts of `schema.name`; a schema of a model never contains a dot. */
export function unqualified(key: string): { readonly schema: string; readonly name: string } {
  const dot = key.indexOf('.');
  return { schema: key.slice(0, dot), name: key.slice(dot + 1) };
}

/** A name within the limit is its own full-length name. */
const unchanged = (name: FinalName): FullName => `${name}`;

/**
 * The full-length names of a model's identifiers, from which names of indexes and triggers are derived (design 03 §6.4,
 * 05 §1).
 */
export class FullNames {
  private readonly schemas = new Map<string, FullName>();
  private readonly tables = new Map<string, FullName>();
  private readonly columns = new Map<string, FullName>();

  constructor(model: Pick<RelationalModelSet, 'shortenedNames'>) {
    for (const { kind, schema, table, name, fullName } of model.shortenedNames) {
      if (kind === 'schema') this.schemas.set(name, fullName);
      if (kind === 'table') this.tables.set(`${schema}\n${name}`, fullName);
      if (kind === 'column') this.columns.set(`${schema}\n${table}\n${name}`, fullName);
    }
  }

  schema(name: FinalName): FullName {
    return this.schemas.get(name) ?? unchanged(name);
  }

  table({ schema, name }: DbTableName): FullName {
    return this.tables.get(`${schema}\n${name}`) ?? unchanged(name);
  }

  column({ schema, name }: DbTableName, column: FinalName): FullName {
    return this.columns.get(`${schema}\n${name}\n${column}`) ?? unchanged(column);
  }
}
