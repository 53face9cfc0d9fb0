import { core, qualified } from '@dms/model';
import { dialectRules, dollarTag, qualifiedName } from '@dms/sql';
import {
  beganText,
  doneText,
  entryPattern,
  type HistoryDialect,
  historyHeader,
  historyPattern,
  keptEntries,
} from './history-text.ts';

const rules = dialectRules.pgsql;
const q = (name: string) => rules.quote(name);
const literal = (text: string) => rules.stringLiteral(text);

const table = qualifiedName(rules, core.effectiveSchema);
const relation = `${literal(table)}::regclass`;
const comment = `obj_description(${relation}, 'pg_class')`;
/** Whether this login owns the table: only the owner may write its comment. */
const mayWrite = `(SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class AS c WHERE c.oid = ${relation})`;
const time = (value: string) => `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const place = `the comment of ${qualified(core.effectiveSchema)}`;
const ofFingerprint = `FROM ${table} AS e WHERE e.${q('EffectiveSchemaSingletonId')} = 1`;

function block(lines: readonly string[]): string {
  const body = lines.join('\n');
  const tag = dollarTag(body);
  return `DO ${tag}\n${body}\n${tag};`;
}

/** PostgreSQL: the history is the comment of the table that holds the fingerprint. */
export const pgsqlHistory: HistoryDialect = {
  record: (record) => {
    const began = literal(beganText(record.before));
    const done = literal(doneText(record));
    return block([
      'DECLARE',
      `    stored text := ${comment};`,
      '    entries text[];',
      'BEGIN',
      `    IF NOT ${mayWrite} THEN`,
      `        RAISE WARNING 'UPGRADE_NOT_RECORDED: only its owner may write ${place}, which is the history of upgrades';`,
      '        RETURN;',
      '    ELSIF stored IS NULL THEN',
      `        SELECT array_agg(b.line) INTO entries FROM (SELECT ${time(`e.${q('AppliedAt')}`)} || ${began} AS line ${ofFingerprint}) AS b`,
      `        WHERE b.line ~ ${literal(`^${entryPattern}$`)};`,
      `    ELSIF stored ~ ${literal(historyPattern)} THEN`,
      `        entries := (string_to_array(stored, chr(10)))[2:${keptEntries}];`,
      '    ELSE',
      `        RAISE WARNING 'UPGRADE_NOT_RECORDED: ${place} is the text of somebody else, which was left alone';`,
      '        RETURN;',
      '    END IF;',
      `    stored := concat_ws(chr(10), ${literal(historyHeader)}, ${time('now()')} || ${done}, nullif(array_to_string(entries, chr(10)), ''));`,
      `    EXECUTE format(${literal(`COMMENT ON TABLE ${table} IS %L`)}, stored);`,
      'END',
    ]);
  },
  read: `SELECT ${comment} AS text, ${mayWrite} AS may`,
  since: `SELECT ${time(`e.${q('AppliedAt')}`)} AS since ${ofFingerprint}`,
  place,
};
