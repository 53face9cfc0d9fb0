import { mssqlParameterLimit, type PlainSql, textOf } from '@dms/sql';
import type { BatchPlace } from '../failures/mssql-failure.ts';
import { type Connection, type Limits, type Row, statementGroups, statementText } from './connection.ts';
import { scriptBatches } from './mssql-driver.ts';
import type { MssqlSession } from './mssql-session.ts';

/** The connection through a session (design 09 §1.5). */
export const mssqlConnection = (session: MssqlSession): Connection => ({
  dialect: 'mssql',
  engine: 'server',
  ...session.context,
  execute: (script, limits = {}) => execute(session, textOf(script), limits),
  query: async <Result>(text: PlainSql, parameters: readonly unknown[] = [], limits: Limits = {}) => {
    const values = parameters.map((value) => ({ value, type: null }));
    const { recordsets } = await session.runText(textOf(text), values, limits);
    return (recordsets[0] ?? []) as readonly Row[] as readonly Result[];
  },
  queryEach: async (texts, limits = {}) => {
    const text = texts.map((each) => `${textOf(each)};`).join('\n');
    return (await session.run((request) => request.batch(text), limits)).recordsets;
  },
  queryAll: (statements, limits = {}) => queryAll(session, statements, limits),
  begin: (purpose = 'writing') => session.begin(purpose),
  readsOneMoment: () => session.readsOneMoment(),
  commit: () => session.commit(),
  rollback: () => session.rollback(),
  messages: (text, limits = {}) => messages(session, textOf(text), limits),
  close: () => session.close(),
});

async function execute(session: MssqlSession, script: string, limits: Limits): Promise<void> {
  const batches = scriptBatches(script);
  for (const [index, entry] of batches.entries()) {
    const place: BatchPlace = { batch: entry, number: index + 1, of: batches.length };
    await session.run(
      (request) => request.batch(entry.text),
      limits,
      () => place,
    );
  }
}

/**
 * Sends statements in groups, as many as the parameters of a request allow, and returns the rows of each statement;
 * none for a statement without rows.
 */
async function queryAll(
  session: MssqlSession,
  statements: Parameters<Connection['queryAll']>[0],
  limits: Limits,
): Promise<readonly (readonly Row[])[]> {
  const answers: (readonly Row[])[] = [];
  for (const group of statementGroups(statements, mssqlParameterLimit)) {
    let first = 1;
    const texts = group.map((statement) => {
      const text = statementText(statement, (number) => `@p${number}`, first);
      first += statement.parameters.length;
      return text;
    });
    const values = group.flatMap(({ parameters, types }) =>
      parameters.map((value, index) => ({ value, type: types?.[index] ?? null })),
    );
    const { recordsets } = await session.runText(texts.join('\n'), values, limits);
    // statements without rows have no recordset
    const found = recordsets[Symbol.iterator]();
    for (const { hasRows } of group) answers.push(hasRows ? (found.next().value ?? []) : []);
  }
  return answers;
}

/** The messages that a batch prints. */
async function messages(session: MssqlSession, text: string, limits: Limits): Promise<string[]> {
  const printed: string[] = [];
  await session.run((request) => {
    request.on('info', ({ message }) => printed.push(message));
    return request.batch(text);
  }, limits);
  return printed;
}
