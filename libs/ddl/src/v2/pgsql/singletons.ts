import { lifecycleStates } from '@dms/catalog';
import { coreV2 } from '@dms/model';
import { columnList, dialectRules, type SqlWriter } from '@dms/sql';
import { literal, qualified } from '../../pgsql/body-text.ts';
import { singletons } from '../singletons.ts';

/**
 * Inserts the rows that identify the database and hold the state of its projection; existing rows stay (design 16
 * §5.2).
 */
export function pgsqlSingletonsV2(writer: SqlWriter): void {
  const rules = dialectRules.pgsql;
  const values = {
    uuid: 'pg_catalog.gen_random_uuid()',
    state: literal(lifecycleStates[0]),
    no: rules.booleanLiteral(false),
  };
  for (const { comment, table, columns, rowOf } of singletons) {
    writer
      .line(`-- ${comment}`)
      .line(
        `INSERT INTO ${qualified(coreV2[table])} (${columnList(rules, columns)}) VALUES (${rowOf(values).join(', ')}) ON CONFLICT (${columnList(rules, columns.slice(0, 1))}) DO NOTHING;`,
      )
      .blank();
  }
}
