import { compareOrdinal } from '@dms/canonical-json';
import type { DbTableName, ShortenedName } from '@dms/model';
import { type DialectRules, limitIdentifier } from '@dms/sql';

/** Maps full-length identifiers to those of the dialect and remembers every one that changed (design 03 §6.4). */
export class FinalNames {
  private readonly rules: DialectRules;
  private readonly shortened = new Map<string, ShortenedName>();
  private readonly limited = new Map<string, string>();

  constructor(rules: DialectRules) {
    this.rules = rules;
  }

  /** Few names occur very often; measuring them each time costs more than the rest of this class. */
  private limit(fullName: string): string {
    let name = this.limited.get(fullName);
    if (name === undefined) {
      name = limitIdentifier(this.rules, fullName);
      this.limited.set(fullName, name);
    }
    return name;
  }

  schema(fullName: string): string {
    const name = this.limit(fullName);
    if (name !== fullName)
      this.shortened.set(`schema\n${fullName}`, { kind: 'schema', schema: null, table: null, name, fullName });
    return name;
  }

  table(full: DbTableName): DbTableName {
    const schema = this.schema(full.schema);
    const name = this.limit(full.name);
    if (name !== full.name)
      this.shortened.set(`table\n${schema}\n${full.name}`, { kind: 'table', schema, table: null, name, fullName: full.name });
    return { schema, name };
  }

  /** `table` is the full-length table that holds the column. */
  column(table: DbTableName, fullName: string): string {
    const name = this.limit(fullName);
    if (name !== fullName) {
      const holder = this.table(table);
      const key = `column\n${holder.schema}\n${holder.name}\n${fullName}`;
      this.shortened.set(key, { kind: 'column', schema: holder.schema, table: holder.name, name, fullName });
    }
    return name;
  }

  /** Everything that was shortened: schemas, tables, columns, each by what holds it and name. */
  list(): ShortenedName[] {
    const kinds = ['schema', 'table', 'column'];
    return [...this.shortened.values()].sort(
      (a, b) =>
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        compareOrdinal(a.schema ?? '', b.schema ?? '') ||
        compareOrdinal(a.table ?? '', b.table ?? '') ||
        compareOrdinal(a.name, b.name),
    );
  }
}
