import type { DbTableName, RelationalModelSet } from '../model/model.ts';

/** Full-length names of what a model shortened; everything else is its own full name. */
export class FullNamesOf {
  private readonly names: ReadonlyMap<string, string>;

  constructor(model: RelationalModelSet) {
    this.names = new Map(
      model.shortenedNames.map(({ kind, schema, table, name, fullName }) => [
        `${kind}|${schema ?? ''}|${table ?? ''}|${name}`,
        fullName,
      ]),
    );
  }

  table({ schema, name }: DbTableName): string {
    const fullSchema = this.names.get(`schema|||${schema}`) ?? schema;
    return `${fullSchema}.${this.names.get(`table|${schema}||${name}`) ?? name}`;
  }

  column({ schema, name }: DbTableName, column: string): string {
    return this.names.get(`column|${schema}|${name}|${column}`) ?? column;
  }
}
