import type { Row } from './connection.ts';
import { type DriverFailure, errorText } from './failure.ts';

/*
 * Who refused (design 09 §1.7.3): triggers of tables, event triggers, rules and policies of others refuse what
 * the product does, in the words of their authors. The CONTEXT of the server names the functions; the catalog knows
 * what calls them.
 */

/** A function in the CONTEXT of a failure. */
interface ContextFunction {
  /** As the server writes it, with the types of its arguments: `guard.no()`. */
  readonly text: string;
  /** Null where the search path leads to it. */
  readonly schema: string | null;
  readonly name: string;
}

const identifier = '(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)';
/** In every language of the server; what it calls functions without a name is left out. */
const procedural = new RegExp(`^PL/.*?((?:(${identifier})\\.)?(${identifier})\\([^)]*\\))`);
const plain = /^SQL function ("(?:[^"]|"")+")/;

const unquoted = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

/**
 * The functions of a CONTEXT, the innermost first. Its other lines are left out: they show statements and, of COPY,
 * rows, and messages are kept in logs.
 */
export function contextFunctions(context: string | undefined): readonly ContextFunction[] {
  return (context ?? '').split('\n').flatMap((line) => {
    const [, text, schema, name] = procedural.exec(line) ?? [];
    if (text !== undefined && name !== undefined)
      return [{ text, schema: schema === undefined ? null : unquoted(schema), name: unquoted(name) }];
    const [, quoted] = plain.exec(line) ?? [];
    return quoted === undefined ? [] : [{ text: unquoted(quoted), schema: null, name: unquoted(quoted) }];
  });
}

/**
 * Whether a function is the product's, or the service's: functions of triggers have one form of names, all others are
 * in `dms`.
 */
const isOwn = ({ schema, name }: ContextFunction) =>
  schema === 'dms' || name.startsWith('TF_') || schema?.startsWith('pg_temp') === true;

/** The functions of others that were at work, the innermost first; none where the product's own function refused. */
export function foreignFunctions(context: string | undefined): readonly ContextFunction[] {
  const [innermost, ...outer] = contextFunctions(context);
  return innermost === undefined || isOwn(innermost) ? [] : [innermost, ...outer.filter((each) => !isOwn(each))];
}

/** Reads rows of the catalog, in a session of its own: the one that failed may be in an ended transaction. */
export type ReadCatalog = (text: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;

/** What calls a function, in the words of the server: `event trigger only_platform`, `trigger x on table y`. */
const callers = `SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS object
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_depend d ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid AND d.deptype = 'n'
WHERE p.proname = $1 AND n.nspname = coalesce($2::text, n.nspname)
  AND d.classid IN ('pg_event_trigger'::regclass, 'pg_trigger'::regclass, 'pg_rewrite'::regclass, 'pg_policy'::regclass,
    'pg_constraint'::regclass, 'pg_attrdef'::regclass)
ORDER BY 1`;

/** The policies and rules of the table that a message names, in the quotes of its language. */
const ofNamedTable = (list: string) => `WITH found AS (${list})
SELECT pg_describe_object(f.class, f.id, 0) AS object FROM found f JOIN pg_class c ON c.oid = f.place
WHERE $1 ~ ('[^[:alnum:]_[:space:]]' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\\\\1', 'g') || '[^[:alnum:]_[:space:]]')
ORDER BY 1`;

const policies = ofNamedTable("SELECT 'pg_policy'::regclass AS class, oid AS id, polrelid AS place FROM pg_policy");
const rules = ofNamedTable(
  "SELECT 'pg_rewrite'::regclass AS class, oid AS id, ev_class AS place FROM pg_rewrite WHERE ev_type IN ('2', '3', '4')",
);

/** What refuses without a function, by the function of the server that says so. */
const byRoutine: Readonly<Record<string, string>> = {
  ExecWithCheckOptions: policies,
  check_enable_rls: policies,
  RewriteQuery: rules,
};

const shown = 3;

function listed(objects: readonly string[]): string {
  const more = objects.length > shown ? ` and ${objects.length - shown} more` : '';
  return `${objects.slice(0, shown).join(', ')}${more}`;
}

async function readObjects(
  read: ReadCatalog,
  text: string,
  parameters: readonly unknown[],
): Promise<readonly string[]> {
  // whoever may not read the catalog, or gets no session, sees the message without it
  const rows = await read(text, parameters).catch(() => []);
  return rows.map(({ object }) => String(object));
}

async function calledBy(read: ReadCatalog, functions: readonly ContextFunction[]): Promise<readonly string[]> {
  for (const { schema, name } of functions) {
    const found = await readObjects(read, callers, [name, schema]);
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * Adds to a failure which object of somebody else refused: the function that raised it and what calls it, or the
 * policies and rules of its table. `read` is null where there is no other session; then the function alone is named.
 */
export async function withRefusingObject(
  failure: DriverFailure,
  error: unknown,
  read: ReadCatalog | null,
): Promise<DriverFailure> {
  const functions = foreignFunctions(errorText(error, 'where'));
  const [innermost] = functions;
  if (innermost !== undefined) {
    const found = read === null ? [] : await calledBy(read, functions);
    const caller = found.length === 0 ? '' : `, which is called by ${listed(found)}`;
    const remark = `This is the function ${innermost.text}${caller}; it does not belong to the schema set.`;
    return { ...failure, remarks: [...(failure.remarks ?? []), remark], refusedBy: [innermost.text, ...found] };
  }
  const text = byRoutine[errorText(error, 'routine') ?? ''];
  if (text === undefined || read === null) return failure;
  const found = await readObjects(read, text, [errorText(error, 'message') ?? '']);
  if (found.length === 0) return failure;
  const remark = `The table has ${listed(found)}, which the schema set does not make.`;
  return { ...failure, remarks: [...(failure.remarks ?? []), remark], refusedBy: found };
}
