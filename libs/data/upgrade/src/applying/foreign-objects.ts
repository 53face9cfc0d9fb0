import {
  type Connection,
  type FoundObject,
  findDependents,
  findHolders,
  type Limits,
  type RecordedStep,
  recordTable,
  usersOfMarkedViews,
  type ViewStatements,
  viewStatements,
} from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { dialectOf, textOf } from '@dms/sql';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { EarlierKept } from '../keeping/keeping.ts';
import type { TouchedObject } from '../ops/effect.ts';
import { ownObjects, touchedText } from '../plan/planned-objects.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import type { MildDrift } from '../script/mild-drift.ts';
import { mildDriftWarnings } from './upgrade-run.ts';

/* Foreign objects (made by others) in a database, and their consequences for an upgrade (design 12 §7.3). */

/** A foreign object that depends on an object that the upgrade changes. */
interface ForeignUser {
  /** `view "my views".names` */
  readonly usedBy: string;
  /** The object that it uses: `schema.name`, or `schema.name.column`. */
  readonly uses: string;
}

/**
 * Foreign objects that stand in the way of a plan, and foreign objects that are lost with the objects that it drops.
 */
export interface ForeignObjects {
  readonly users: readonly ForeignUser[];
  /** The statements for the views among them. */
  readonly views: ViewStatements;
  /** Foreign objects that are lost with a table or column. */
  readonly losses: readonly ForeignUser[];
  /** Names that the upgrade needs, with the objects that hold them. */
  readonly taken: readonly { readonly holder: string; readonly makes: string }[];
}

/** A plan, and the database that it is for. */
interface ForeignQuestion {
  readonly plan: UpgradePlan;
  readonly before: ComparedSet;
  /** The steps that `upgrade prepare` has recorded; null if none. */
  readonly prepared: readonly RecordedStep[] | null;
  /** Whether the triggers and functions of the service's own tool are replaced with ours first. */
  readonly isAdopted: boolean;
  /** What is made again is neither in the way nor lost. */
  readonly kept: Pick<EarlierKept, 'again'>;
}

/** Finds all foreign objects that concern a plan in the session's database. */
export async function foreignObjects(
  connection: Connection,
  question: ForeignQuestion,
  limits: Limits = {},
): Promise<ForeignObjects> {
  const { plan } = question;
  const isForeign = foreignness(question);
  const { touched, made } = plan.objects;
  const onViews = await usersOfMarkedViews(connection, limits, { keepsTable: true });
  const { standing, going } = await findDependents(connection, touched, limits);
  const holders = await findHolders(connection, made, limits);
  const touchedBy = ({ number }: FoundObject) => mustExist(touched[number], `the object ${number}`);
  const userOf = (object: FoundObject): ForeignUser => ({
    usedBy: objectText(object),
    uses: touchedText(touchedBy(object)),
  });
  const isLeft = (object: FoundObject) => {
    const { how, kind } = touchedBy(object);
    const isAgain = how === 'drop' && kind === 'relation' && question.kept.again.has(object.address ?? '');
    return !isAgain && isForeign(object);
  };
  const gone = going.filter(isLeft);
  const lost = gone.filter((object) => isLost(plan, touchedBy(object)));
  const inTheWay = [...standing.filter(isLeft), ...gone.filter((object) => !lost.includes(object))];
  return {
    users: unique([...onViews, ...inTheWay.map(userOf)]),
    views: await statementsOf(connection, inTheWay, limits),
    losses: unique(lost.map(userOf)),
    taken: unique(
      holders
        .filter(isForeign)
        .map((object) => ({ holder: objectText(object), makes: mustExist(made[object.number], 'a name').makes })),
    ),
  };
}

/** The statements for the views among some objects. */
function statementsOf(
  connection: Connection,
  objects: readonly FoundObject[],
  limits: Limits,
): Promise<ViewStatements> {
  const names = objects.flatMap(({ type, schema, table }) =>
    /view$/.test(type) && schema !== null && table !== null ? [{ schema, name: table }] : [],
  );
  return viewStatements(connection, unique(names), limits);
}

/** Creates the test for foreign objects: objects that belong to neither the set, a preparation nor an adoption. */
function foreignness({ before, prepared, isAdopted }: ForeignQuestion): (object: FoundObject) => boolean {
  const own = ownObjects(before.catalog);
  const made = (prepared ?? []).flatMap(({ objects }) => objects);
  const tables = new Set(made.flatMap(({ kind, schema, table }) => (kind === 'table' ? [key(schema, table)] : [])));
  const parts = new Set(made.map(({ schema, table, name }) => key(schema, table, name)));
  return (object) => {
    const { kind, schema, table, name } = object;
    if (own.has({ kind: kind ?? '', schema, table, name })) return false;
    if (tables.has(key(schema, table)) || parts.has(key(schema, table, name)) || schema === recordTable.schema)
      return false;
    return !(isAdopted && (kind === 'trigger' || kind === 'function'));
  };
}

const key = (...parts: readonly (string | null)[]) => JSON.stringify(parts);

const objectText = ({ type, identity }: FoundObject) => `${type} ${identity}`;

const isLost = ({ items }: UpgradePlan, { schema, table, name }: TouchedObject) =>
  items.some(({ class: found, path }) => {
    const [lost, part] = path;
    return found === 'loss' && lost === `${schema}.${table}` && (part === undefined || part === name);
  });

const unique = <Entry>(list: readonly Entry[]) => [
  ...new Map(list.map((each) => [JSON.stringify(each), each])).values(),
];

/** Foreign objects that depend on prepared objects, and those that would be dropped with them. */
export async function usersOfPrepared(
  connection: Connection,
  prepared: readonly RecordedStep[],
  limits: Limits,
): Promise<Pick<ForeignObjects, 'users' | 'views'>> {
  const objects = prepared.flatMap((step) => step.objects);
  const asked = objects.map(({ kind, schema, table, name }) => ({
    how: 'drop' as const,
    kind: kind === 'table' ? ('relation' as const) : kind,
    schema,
    table,
    name,
  }));
  const { standing, going } = await findDependents(connection, asked, limits);
  const found = [...standing, ...going].filter(foreignToPrepared(connection, prepared));
  const users = found.map((object) => ({
    usedBy: objectText(object),
    uses: touchedText(mustExist(asked[object.number], `the object ${object.number}`)),
  }));
  return { users: unique(users), views: await statementsOf(connection, found, limits) };
}

/**
 * Creates the test for objects that a preparation did not make: its own objects and the parts of its tables that its
 * statements name are excluded.
 */
function foreignToPrepared(
  { dialect }: Connection,
  prepared: readonly RecordedStep[],
): (object: FoundObject) => boolean {
  const { id } = dialectOf[dialect];
  const objects = prepared.flatMap((step) => step.objects);
  const made = new Set(objects.map(({ schema, table, name }) => key(schema, table, name)));
  const statements = new Map<string, string>();
  for (const step of prepared)
    for (const { kind, schema, table } of step.objects)
      if (kind === 'table') statements.set(key(schema, table), step.statement);
  return ({ schema, table, name }) => {
    if (made.has(key(schema, table, name))) return false;
    return name === null || !statements.get(key(schema, table))?.includes(textOf(id(name)));
  };
}

/** `UPGRADE_VIEWS_OBJECT` if there are users in the way, with the statements for views; otherwise nothing. */
export function userErrors(
  label: string,
  { users, views }: Pick<ForeignObjects, 'users' | 'views'>,
  what = 'the upgrade replaces',
): readonly Diagnostic[] {
  if (users.length === 0) return [];
  const names = [...new Set(users.map(({ usedBy }) => usedBy))];
  const used = [...new Set(users.map(({ uses }) => uses))];
  const text = `${label}: others have built on what ${what}: ${names.join(', ')} (on ${used.join(', ')}). Nothing was changed. Remove these first, and create them again afterwards.${statementsText(views)}`;
  const statements = views.drop.length === 0 ? {} : { drop: views.drop, create: views.create };
  const named = users.map(({ usedBy, uses }) => ({ usedBy, uses }));
  return [diagnostic('UPGRADE_VIEWS_OBJECT', text, {}, { users: named, ...statements })];
}

/** The statements for views, with a line break before each part; empty without statements. */
function statementsText({ drop, create, incomplete }: ViewStatements): string {
  if (drop.length === 0) return '';
  const rest =
    incomplete.length === 0
      ? []
      : [`These statements lack rights on columns, triggers, rules or grants by others of ${incomplete.join(', ')}.`];
  const parts = [
    'Views are removed by:',
    ...drop,
    'and made again, with the later names of tables and columns, by:',
    ...create,
    ...rest,
  ];
  return `\n${parts.join('\n')}`;
}

/**
 * The errors for foreign objects: `UPGRADE_VIEWS_OBJECT`, `UPGRADE_NAME_TAKEN`, and `UPGRADE_LOSS` for objects that
 * would be lost with a table or column. The permission must name that table or column, or `all`: a foreign object
 * belongs to no project.
 */
export function foreignErrors(
  label: string,
  plan: UpgradePlan,
  { users, views, losses, taken }: ForeignObjects,
  code: 'UPGRADE_NAME_TAKEN' | 'UPGRADE_PREPARE_TAKEN' = 'UPGRADE_NAME_TAKEN',
): readonly Diagnostic[] {
  const permits = ({ uses }: ForeignUser) =>
    plan.allowedLosses.some(
      (name) => name === 'all' || name === uses || (uses.startsWith(`${name}.`) && name.includes('.')),
    );
  const held = taken.map(({ holder, makes }) => `${holder} (for ${makes})`);
  const text = `${label}: names that the upgrade needs are taken: ${held.join(', ')}. Nothing was changed. Rename or drop these objects.`;
  const objects = taken.map(({ holder }) => holder);
  return [
    ...userErrors(label, { users, views }),
    ...(taken.length === 0 ? [] : [diagnostic(code, text, {}, { objects, makes: taken.map(({ makes }) => makes) })]),
    ...losses.flatMap((loss) => {
      if (permits(loss)) return [];
      const { usedBy, uses } = loss;
      const lost = `${label}: ${usedBy} is not of the schema set and would be lost with ${uses}. Permit it with --allow-loss ${uses}.`;
      return [diagnostic('UPGRADE_LOSS', lost, {}, { object: usedBy, with: uses })];
    }),
  ];
}

/** `UPGRADE_FOREIGN_LOST`: foreign objects that are lost with tables and columns. */
export function foreignLosses(label: string, { losses }: ForeignObjects): readonly Diagnostic[] {
  if (losses.length === 0) return [];
  const list = losses.map(({ usedBy, uses }) => `${usedBy} (with ${uses})`).join(', ');
  return [
    diagnostic(
      'UPGRADE_FOREIGN_LOST',
      `${label}: not of the schema set, and lost: ${list}.`,
      {},
      { losses: losses.map(({ usedBy }) => usedBy) },
    ),
  ];
}

/**
 * The warnings before an upgrade: differences that do not stop it, and foreign objects that it loses. `foreign` is null
 * if no table changes.
 */
export const foreignWarnings = (
  label: string,
  drift: MildDrift,
  foreign: ForeignObjects | null,
): readonly Diagnostic[] => [
  ...mildDriftWarnings(label, drift, foreign?.losses),
  ...(foreign === null ? [] : foreignLosses(label, foreign)),
];
