import { lifecycleStates } from '@dms/catalog';
import { coreV2 } from '@dms/model';
import { columnList, dialectRules, type SqlWriter } from '@dms/sql';
import { q, qualified } from '../../mssql/body-text.ts';
import { singletons } from '../singletons.ts';

/**
 * Inserts the rows that identify the database and hold the state of its projection; existing rows stay (design 16
 * §5.2).
 */
export function mssqlSingletonsV2(writer: SqlWriter): void {
  const rules = dialectRules.mssql;
  const values = { uuid: 'NEWID()', state: `'${lifecycleStates[0]}'`, no: rules.booleanLiteral(false) };
  for (const { comment, table, columns, rowOf } of singletons) {
    const name = qualified(coreV2[table]);
    const [key] = columns;
    writer
      .line(`-- ${comment}`)
      .line(
        `IF NOT EXISTS (SELECT 1 FROM ${name} WHERE ${q(key)} = 1) INSERT INTO ${name} (${columnList(rules, columns)}) VALUES (${rowOf(values).join(', ')});`,
      )
      .blank();
  }
}
