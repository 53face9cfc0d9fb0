import { type Connection, type Row, rolledBack, type Statement, statementText } from '@dms/databases';
import type { RelationalModelSet } from '@dms/model';
import { compareRows, type OdsMapping, type OdsType, openOds } from '@dms/ods';
import { type PlainSql, textOf, trusted } from '@dms/sql';
import type { SentText } from '@dms/testing';
import { distinct } from './sent-texts.ts';

type OdsColumnTypes = ReadonlyMap<string, string>;

const typeNames: Readonly<Record<Exclude<OdsType['kind'], 'string' | 'decimal'>, string>> = {
  boolean: 'bit',
  int: 'int',
  bigint: 'bigint',
  smallint: 'smallint',
  money: 'money',
  date: 'date',
  time: 'time(7)',
  timestamp: 'datetime2(7)',
  uuid: 'uniqueidentifier',
};

function typeOf(type: OdsType): string {
  if (type.kind === 'string') return `nvarchar(${type.maxLength})`;
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : typeNames[type.kind];
}

/** The tables of an ODS on SQL Server, with change queries. */
export function odsTables({ tables }: OdsMapping): ReadonlyMap<string, OdsColumnTypes> {
  const found = new Map<string, OdsColumnTypes>();
  for (const { schema, name, kind, columns, key } of tables) {
    const own = columns.map((column) => [column.name, typeOf(column.type)] as const);
    const isRecorded = kind === 'root' || kind === 'base' || kind === 'descriptorBase';
    found.set(`${schema}.${name}`, new Map([...own, ...(isRecorded ? [['ChangeVersion', 'bigint'] as const] : [])]));
    if (!isRecorded) continue;
    const recorded = ['Old', 'New'].flatMap((prefix) =>
      key.flatMap((column) => {
        const type = typeOf(columns.find((each) => each.name === column)?.type ?? { kind: 'int' });
        const base =
          kind === 'descriptorBase'
            ? ''
            : column.replace(/(?:Descriptor)?Id$/, (end) => (end === 'Id' ? '' : 'Descriptor'));
        const texts = [`${base}Namespace`, `${base}CodeValue`, column.replace(/USI$/, 'UniqueId')];
        return [
          [`${prefix}${column}`, type] as const,
          ...texts.filter((text) => text !== column).map((text) => [`${prefix}${text}`, 'nvarchar(255)'] as const),
        ];
      }),
    );
    const others = [
      ['Id', 'uniqueidentifier'] as const,
      ['ChangeVersion', 'bigint'] as const,
      ['Discriminator', 'nvarchar(128)'] as const,
    ];
    found.set(`tracked_changes_${schema}.${name}`, new Map([...recorded, ...others]));
  }
  return found;
}

/** An ODS on SQL Server; each table has one row, which the reader does not get. */
class OdsServer implements Connection {
  readonly dialect = 'mssql';
  readonly label = 'recorded';
  readonly engine = 'server';
  readonly redact = (text: string) => text;
  readonly sent: string[] = [];
  /** The hash of a range of rows. */
  hash = '1';
  private readonly columns: readonly Row[];

  constructor(mapping: OdsMapping) {
    this.columns = [...odsTables(mapping)].flatMap(([name, columns]) => {
      const [schema = '', table = ''] = name.split('.');
      return [...columns].map(([column, type]) => ({
        schema,
        table,
        column,
        type: type.replace(/\(.*/, ''),
        isNullable: true,
      }));
    });
  }

  async query<Result>(statement: PlainSql): Promise<readonly Result[]> {
    const text = textOf(statement);
    this.sent.push(text);
    const ranges = text.includes('GROUP BY r.[range]') ? [{ range: 7, rows: '1', hash: this.hash }] : [];
    return (text.includes('sys.objects') ? this.columns : ranges) as readonly unknown[] as readonly Result[];
  }
  async queryEach(statements: readonly PlainSql[]): Promise<readonly (readonly Row[])[]> {
    const texts = statements.map(textOf);
    this.sent.push(...texts);
    return texts.map((text) => [text.includes('sp_cursoropen') ? { cursor: 180150001 } : { rows: '1', version: '5' }]);
  }
  async execute(text: PlainSql): Promise<void> {
    this.sent.push(textOf(text));
  }
  queryAll(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return Promise.all(
      statements.map((statement) => this.query<Row>(trusted(statementText(statement, (number) => `@p${number}`)))),
    );
  }
  async begin(): Promise<void> {}
  async commit(): Promise<void> {}
  async rollback(): Promise<void> {}
  async close(): Promise<void> {}
}

const cursorQuery = /sp_cursoropen @cursor OUTPUT, N'((?:[^']|'')*)'/s;

/** The texts that read an ODS on SQL Server, completely and after a version; the queries of cursors also separately. */
export async function odsTexts(mapping: OdsMapping, model: RelationalModelSet): Promise<readonly SentText[]> {
  const server = new OdsServer(mapping);
  const read = (since?: bigint) => async () => {
    const ods = await openOds(server, mapping, model, { since });
    for await (const _ of ods.descriptors(() => undefined)) throw new Error('there are no rows');
    for (const tree of ods.trees)
      for await (const _ of tree.documents(() => undefined)) throw new Error('there are no rows');
    for await (const _ of ods.changes()) throw new Error('there are no rows');
  };
  await rolledBack(server, read(), 'reading');
  await rolledBack(server, read(4n), 'reading');
  const queries = server.sent.flatMap((text) => cursorQuery.exec(text)?.[1]?.replaceAll("''", "'") ?? []);
  return distinct([...server.sent, ...queries].map((text) => ({ text, declarations: '' })));
}

/** The texts that compare an ODS with a database, both on SQL Server: `source` in the ODS, `target` in the database. */
export async function comparingTexts(mapping: OdsMapping, model: RelationalModelSet) {
  const source = new OdsServer(mapping);
  const target = new OdsServer(mapping);
  // different hashes, so that each table is compared row by row
  target.hash = '2';
  await compareRows(source, target, mapping, model);
  const texts = ({ sent }: OdsServer): readonly SentText[] =>
    distinct(sent.map((text) => ({ text, declarations: '' })));
  return { source: texts(source), target: texts(target) };
}
