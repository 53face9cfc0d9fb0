import { openDatabase, parseTarget } from '@dms/databases';
import { type Answer, RecordedMssql } from '@dms/testing';

/** A connection that records what it would send to a SQL Server, which has the lock and an open transaction. */
export async function recordedMssql(answerOf: Answer = () => undefined) {
  const recorded = new RecordedMssql((text, parameters) => {
    const answer = answerOf(text, parameters);
    if (answer) return answer;
    if (text.includes('sp_getapplock')) return [[{ r: 0 }]];
    return text.includes('@@TRANCOUNT') ? [[{ t: 1, x: 1 }]] : undefined;
  });
  const { target } = parseTarget('mssql://sa:geheim7@h/EdFi_Ods', 'mssql');
  if (target.kind === 'static') throw new Error('static');
  return { recorded, connection: await openDatabase(target, { load: recorded.load }) };
}
