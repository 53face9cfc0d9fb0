const countNames = [
  'tables',
  'columns',
  'generated',
  'not null columns',
  'primary keys',
  'uniques',
  'foreign keys',
  'delete cascades',
  'update cascades',
  'checks',
  'indexes',
  'indexes without constraint',
  'triggers',
  'functions',
  'views',
];

/** The counts of a schema by name of the counted object, for messages that show the differences. */
export const namedCounts = (counts: readonly number[]): Record<string, number | undefined> =>
  Object.fromEntries(countNames.map((name, index) => [name, counts[index]]));

/**
 * The number of objects of each kind in every schema of a PostgreSQL database: the name of the schema, then the counts.
 */
export const countQuery = `
  SELECT n.nspname,
    (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r'),
    (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = n.oid AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped),
    (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = n.oid AND c.relkind = 'r' AND a.attgenerated = 's'),
    (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = n.oid AND c.relkind = 'r' AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped),
    (SELECT count(*) FROM pg_constraint k WHERE k.connamespace = n.oid AND k.contype = 'p'),
    (SELECT count(*) FROM pg_constraint k WHERE k.connamespace = n.oid AND k.contype = 'u'),
    (SELECT count(*) FROM pg_constraint k WHERE k.connamespace = n.oid AND k.contype = 'f'),
    (SELECT count(*) FROM pg_constraint k WHERE k.connamespace = n.oid AND k.contype = 'f' AND k.confdeltype = 'c'),
    (SELECT count(*) FROM pg_constraint k WHERE k.connamespace = n.oid AND k.contype = 'f' AND k.confupdtype = 'c'),
    (SELECT count(*) FROM pg_constraint k WHERE k.connamespace = n.oid AND k.contype = 'c'),
    (SELECT count(*) FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE c.relnamespace = n.oid),
    (SELECT count(*) FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE c.relnamespace = n.oid
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u'))),
    (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = n.oid AND NOT t.tgisinternal),
    (SELECT count(*) FROM pg_proc p WHERE p.pronamespace = n.oid),
    (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'v')
  FROM pg_namespace n WHERE n.nspname !~ '^(pg_|information_schema|public)'`;

/** Schema-derived triggers by `pg_trigger.tgtype`, and their numbers. */
export const triggerTypeQuery = `
  SELECT t.tgtype::text, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname <> 'dms' GROUP BY 1`;
