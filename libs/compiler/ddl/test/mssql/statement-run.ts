import type { ScriptModule } from '@dms/script-checks';
import type { TestDatabase } from '@dms/testing';
import { BodyRun, type RowImages } from './body-run.ts';
import { quoted } from './tsql-translation.ts';

/*
 * Runs statements as SQL Server does: all cascades, the checks of keys, then the triggers of the written tables, in any
 * order, each once per event with the rows of all cascades. PostgreSQL does the cascades and checks.
 */

/** Statement triggers that keep the transition tables, to capture the rows of a statement. */
export async function watchTables(database: TestDatabase, tables: readonly string[]): Promise<void> {
  await database.exec(`
    CREATE SCHEMA IF NOT EXISTS watched;
    CREATE TABLE IF NOT EXISTS watched.event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "table" text, event text);
    CREATE TABLE IF NOT EXISTS watched.image (event bigint, side text, content jsonb);
    CREATE OR REPLACE FUNCTION watched.keep() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE kept bigint;
    BEGIN
      INSERT INTO watched.event ("table", event) VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, TG_OP) RETURNING id INTO kept;
      IF TG_OP <> 'DELETE' THEN INSERT INTO watched.image SELECT kept, 'inserted', to_jsonb(n) FROM new_rows AS n; END IF;
      IF TG_OP <> 'INSERT' THEN INSERT INTO watched.image SELECT kept, 'deleted', to_jsonb(o) FROM old_rows AS o; END IF;
      RETURN NULL;
    END $$;`);
  const transitions = {
    INSERT: 'NEW TABLE AS new_rows',
    UPDATE: 'OLD TABLE AS old_rows NEW TABLE AS new_rows',
    DELETE: 'OLD TABLE AS old_rows',
  };
  const statements = tables.flatMap((table) =>
    Object.entries(transitions).map(
      ([event, images]) =>
        `CREATE TRIGGER ${quoted(`watch_${event}`)} AFTER ${event} ON ${tableText(table)} REFERENCING ${images} FOR EACH STATEMENT EXECUTE FUNCTION watched.keep();`,
    ),
  );
  await database.exec(statements.join('\n'));
}

export const tableText = (name: string) => {
  const dot = name.indexOf('.');
  return `${quoted(name.slice(0, dot))}.${quoted(name.slice(dot + 1))}`;
};

interface Fired {
  readonly table: string;
  readonly event: string;
  readonly ids: readonly string[];
}

/** The columns of the SET list; undefined for a statement that is not an UPDATE. */
function assignedColumns(sql: string): ReadonlySet<string> | undefined {
  const list = /^\s*(?:WITH written AS \()?UPDATE\b.*?\bSET\b(.*?)(?:\bFROM\b|\bWHERE\b|$)/is.exec(sql)?.[1];
  return list === undefined
    ? undefined
    : new Set([...list.matchAll(/"([^"]+)"\s*=/g)].map(([, column]) => column as string));
}

export interface RunOptions {
  /** The order in which the triggers of a statement run; no body may depend on it. */
  readonly inOrder?: <Item>(items: readonly Item[]) => readonly Item[];
  /** Whether a table exists in the SQL Server script; default: always. Triggers of other tables do not run. */
  readonly isKnown?: (table: string) => boolean;
}

export class StatementRun {
  private readonly database: TestDatabase;
  private readonly triggers: readonly ScriptModule[];
  private readonly options: RunOptions;
  private depth = 0;
  private images = 0;
  /** The number of times that the lock of the hierarchy was taken. */
  locks = 0;
  /** The number of bodies that ran. */
  bodies = 0;

  constructor(database: TestDatabase, triggers: readonly ScriptModule[], options: RunOptions = {}) {
    this.database = database;
    this.triggers = triggers;
    this.options = options;
  }

  /** Runs a statement; its own statements do not start a trigger again (database option recursive triggers, off). */
  async statement(sql: string, by?: ScriptModule): Promise<void> {
    this.depth += 1;
    if (this.depth > 32) throw new Error('nested deeper than 32 levels');
    // other writes start no triggers
    await this.database.exec('DELETE FROM watched.event; DELETE FROM watched.image;');
    await this.database.exec(sql);
    await this.database.exec('SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;');
    const runs: { trigger: ScriptModule; images: RowImages }[] = [];
    for (const fired of await this.fired()) {
      const watching = this.triggers.filter(
        (trigger) => trigger !== by && trigger.table === fired.table && trigger.events.includes(fired.event),
      );
      if (watching.length === 0) continue;
      const images = await this.keep(fired, sql);
      runs.push(...watching.map((trigger) => ({ trigger, images })));
    }
    const { inOrder = (items) => items } = this.options;
    for (const { trigger, images } of inOrder(runs)) await this.fire(trigger, images);
    for (const { inserted, deleted } of new Set(runs.map(({ images }) => images)))
      await this.database.exec(`DROP TABLE ${inserted}, ${deleted};`);
    this.depth -= 1;
  }

  /** Resets the nesting depth after an error. */
  reset(): void {
    this.depth = 0;
  }

  private async fired(): Promise<Fired[]> {
    const { isKnown = () => true } = this.options;
    const rows = await this.database.queryRows(
      `SELECT "table", event, string_agg(id::text, ',' ORDER BY id), bool_or(id IN (SELECT event FROM watched.image))
        FROM watched.event GROUP BY "table", event ORDER BY min(id)`,
    );
    return rows.flatMap(([table, event, ids, hasRows]) => {
      if (isKnown(String(table))) return { table: String(table), event: String(event), ids: String(ids).split(',') };
      // PostgreSQL fires the triggers of every table that a cascade might reach
      if (hasRows) throw new Error(`no table ${table}`);
      return [];
    });
  }

  private async keep({ table, event, ids }: Fired, sql: string): Promise<RowImages> {
    this.images += 1;
    const names = { inserted: `inserted_${this.images}`, deleted: `deleted_${this.images}` };
    let rows = 0;
    for (const [side, name] of Object.entries(names)) {
      const [[count] = []] = await this.database.queryRows(
        `WITH kept AS (SELECT content FROM watched.image WHERE event IN (${ids.join(', ')}) AND side = '${side}') SELECT count(*) FROM kept`,
      );
      rows += Number(count);
      await this.database.exec(
        `CREATE TEMPORARY TABLE ${name} AS SELECT (jsonb_populate_record(NULL::${tableText(table)}, content)).* FROM watched.image
          WHERE event IN (${ids.join(', ')}) AND side = '${side}';`,
      );
    }
    if (event === 'INSERT') return { ...names, isEmpty: rows === 0, assigned: undefined };
    const assigned = new Set([...(assignedColumns(sql) ?? []), ...(await this.changedColumns(ids))]);
    return { ...names, isEmpty: rows === 0, assigned };
  }

  /** The columns that a cascade writes: no statement names them, but UPDATE(column) is true for them. */
  private async changedColumns(ids: readonly string[]): Promise<string[]> {
    const values = (side: string) =>
      `SELECT value.key, value.value FROM watched.image, jsonb_each(content) AS value WHERE event IN (${ids.join(', ')}) AND side = '${side}'`;
    const rows = await this.database.queryRows(
      `SELECT DISTINCT key FROM ((${values('inserted')} EXCEPT ALL ${values('deleted')})
        UNION ALL (${values('deleted')} EXCEPT ALL ${values('inserted')})) AS changed`,
    );
    return rows.map(([name]) => String(name));
  }

  private async fire(trigger: ScriptModule, images: RowImages): Promise<void> {
    this.bodies += 1;
    const run = new BodyRun(
      {
        database: this.database,
        depth: this.depth,
        write: (sql) => this.statement(sql, trigger),
        lock: () => {
          this.locks += 1;
        },
      },
      images,
    );
    await run.run(trigger);
  }
}
