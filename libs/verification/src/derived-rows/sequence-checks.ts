import type { Catalog } from '@dms/catalog';
import { core, type DbTableName, qualified } from '@dms/model';
import type { RowCheck } from './data-finding.ts';
import type { NumberSource, RowDialect } from './row-dialect.ts';
import { isIncomplete, namesOf, plain } from './row-names.ts';
import type { KnownVersions } from './stamp-checks.ts';

interface NumberedColumns {
  readonly source: NumberSource;
  /** A query for the greatest value of each column. */
  readonly maxima: string[];
}

const versionSource: NumberSource = { kind: 'sequence', sequence: core.changeVersionSequence };

/** Columns whose values come from a sequence or an identity, by the name of the sequence or column. */
function numberedColumns({ tables }: Catalog, dialect: RowDialect): ReadonlyMap<string, NumberedColumns> {
  const { q, named } = namesOf(dialect);
  const found = new Map<string, NumberedColumns>();
  const add = (source: NumberSource, object: string, maximum: string) => {
    const known = found.get(object) ?? { source, maxima: [] };
    known.maxima.push(maximum);
    found.set(object, known);
  };
  for (const { schema: tableSchema, name: tableName, columns } of tables) {
    const table = { schema: tableSchema, name: tableName } as DbTableName;
    for (const { name, default: value, identity } of columns) {
      const maximum = `SELECT CAST(max(${q(name)}) AS bigint) AS used FROM ${named(table)}`;
      const [, schema, sequence] = /^nextval\(([^.]+)\.(.+)\)$/.exec(value ?? '') ?? [];
      // tracked changes and the journal hold numbers of deleted rows and older ones too
      if (name === 'ChangeVersion') add(versionSource, qualified(core.changeVersionSequence), maximum);
      else if (identity !== null) add({ kind: 'identity', table, column: name }, `${qualified(table)}.${name}`, maximum);
      else if (schema !== undefined && sequence !== undefined) {
        const source = { schema, name: sequence } as DbTableName;
        add({ kind: 'sequence', sequence: source }, qualified(source), maximum);
      }
    }
  }
  return found;
}

/** No sequence lags behind a value that a row already uses; without known versions, each version counts. */
export function sequenceChecks(catalog: Catalog, dialect: RowDialect, versions: KnownVersions | null): RowCheck[] {
  return [...numberedColumns(catalog, dialect)].map(([object, { source, maxima }]): RowCheck => {
    const used =
      versions !== null && object === qualified(core.changeVersionSequence)
        ? `(SELECT CAST(${versions.used} AS bigint))`
        : `(SELECT max(m.used) FROM (${maxima.join(' UNION ALL ')}) AS m)`;
    const [last, greatest] = [dialect.numberText('s.last'), dialect.numberText('s.used')];
    const between = dialect.rules.stringLiteral(' < ');
    return {
      kind: 'sequence',
      object,
      table: object,
      find: plain(
        `SELECT ${last} ${dialect.concatenation} ${between} ${dialect.concatenation} ${greatest} AS example FROM (SELECT ${used} AS used, ${dialect.lastNumber(source)} AS last) AS s WHERE s.used > s.last`,
      ),
      repair: [dialect.raiseNumber(source, used)],
      // a document whose row is missing may have a wrong id
      doubts: isIncomplete,
    };
  });
}
