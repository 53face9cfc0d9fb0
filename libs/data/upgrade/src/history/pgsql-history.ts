import { pgsqlBlock } from '@dms/ddl';
import { core, qualified } from '@dms/model';
import { dialectOf, type PlainSql, textOf } from '@dms/sql';
import {
  beganText,
  doneText,
  entryPattern,
  type HistoryDialect,
  historyHeader,
  historyPattern,
  keptEntries,
} from './history-text.ts';

const { sql, lines, literal, nameLiteral } = dialectOf.pgsql;

const table = core.effectiveSchema;
const relation = sql`${nameLiteral(table)}::regclass`;
const comment = sql`obj_description(${relation}, 'pg_class')`;
/** Whether this login owns the table: only the owner may write its comment. */
const mayWrite = sql`(SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class AS c WHERE c.oid = ${relation})`;
const time = (value: PlainSql) => sql`to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const place = `the comment of ${qualified(table)}`;
const appliedAt = time(sql`e."AppliedAt"`);
const ofFingerprint = sql`FROM ${table} AS e WHERE e."EffectiveSchemaSingletonId" = 1`;

const notOwned = literal(`UPGRADE_NOT_RECORDED: only its owner may write ${place}, which is the history of upgrades`);
const foreignText = literal(`UPGRADE_NOT_RECORDED: ${place} is the text of somebody else, which was left alone`);

/** PostgreSQL: the history is the comment of the table that holds the fingerprint. */
export const pgsqlHistory: HistoryDialect = {
  record: (record) => {
    const began = literal(beganText(record.before));
    const done = literal(doneText(record));
    return pgsqlBlock(
      lines`
        stored text := ${comment};
        entries text[];`,
      lines`
        IF NOT ${mayWrite} THEN
            RAISE WARNING ${notOwned};
            RETURN;
        ELSIF stored IS NULL THEN
            SELECT array_agg(b.line) INTO entries FROM (SELECT ${appliedAt} || ${began} AS line ${ofFingerprint}) AS b
            WHERE b.line ~ ${literal(`^${entryPattern}$`)};
        ELSIF stored ~ ${literal(historyPattern)} THEN
            entries := (string_to_array(stored, chr(10)))[2:${literal(keptEntries)}];
        ELSE
            RAISE WARNING ${foreignText};
            RETURN;
        END IF;
        stored := concat_ws(chr(10), ${literal(historyHeader)}, ${time(sql`now()`)} || ${done}, nullif(array_to_string(entries, chr(10)), ''));
        EXECUTE format(${literal(textOf(sql`COMMENT ON TABLE ${table} IS %L`))}, stored);`,
    );
  },
  read: sql`SELECT ${comment} AS text, ${mayWrite} AS may`,
  since: sql`SELECT ${appliedAt} AS since ${ofFingerprint}`,
  place,
};
