import type { DbTableName, RelationalModelSet } from './model.ts';

/** Full-length names of a model's identifiers: what index and trigger names are made of (design 03 §6.4, 05 §1). */
export class FullNames {
  private readonly schemas = new Map<string, string>();
  private readonly tables = new Map<string, string>();
  private readonly columns = new Map<string, string>();

  constructor(model: RelationalModelSet) {
    for (const { kind, schema, table, name, fullName } of model.shortenedNames) {
      if (kind === 'schema') this.schemas.set(name, fullName);
      if (kind === 'table') this.tables.set(`${schema}\n${name}`, fullName);
      if (kind === 'column') this.columns.set(`${schema}\n${table}\n${name}`, fullName);
    }
  }

  schema(name: string): string {
    return this.schemas.get(name) ?? name;
  }

  table({ schema, name }: DbTableName): string {
    return this.tables.get(`${schema}\n${name}`) ?? name;
  }

  column({ schema, name }: DbTableName, column: string): string {
    return this.columns.get(`${schema}\n${name}\n${column}`) ?? column;
  }
}
