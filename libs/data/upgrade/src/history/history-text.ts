import { type ChangeClass, changeClasses } from '@dms/catalog';
import { mustExist } from '@dms/model';
import type { PlainLines, PlainSql } from '@dms/sql';
import type { UpgradeSide } from '../plan/upgrade-side.ts';

/**
 * An upgrade takes a database from one schema set to another. An adoption replaces the triggers and functions of the
 * service's own tool with ours; it changes no row. A move gives a database the shape of another generation with the same
 * schema set (design 22 §7).
 */
export type PlanPurpose = 'upgrade' | 'adoption' | 'move';

/** The record of an upgrade in the history of a database. */
export interface HistoryRecord {
  readonly purpose: PlanPurpose;
  readonly before: UpgradeSide;
  readonly after: UpgradeSide;
  /** The hash of the plan. */
  readonly plan: string;
  readonly verdict: ChangeClass;
  /** The resources whose documents may break rules of the later set. */
  readonly invalid: readonly string[];
}

/** How the history of a database is written and read in one dialect (design 12 §7.1). */
export interface HistoryDialect {
  /**
   * The statement that puts a record at the top of the history, in the transaction of the upgrade and before the
   * fingerprint changes. If it may not write there, it warns and changes nothing: a missing record is not a reason to
   * refuse an upgrade.
   */
  record(record: HistoryRecord): PlainLines;
  /** The query for the history: `text`, null if there is none, and `may`, whether this session may write it. */
  readonly read: PlainSql;
  /** The query for `since`: when the fingerprint row was written, in UTC. */
  readonly since: PlainSql;
  /** Where the history is stored, for messages. */
  readonly place: string;
}

/** One line of a database's history: which set it got, and when (design 12 §7.1). */
export type HistoryEntry =
  | {
      readonly kind: 'upgraded';
      /** In UTC, to the second: `2026-11-21T20:15:00Z`. */
      readonly time: string;
      readonly from: string;
      readonly to: string;
      /** The `plan_hash` of `upgrade.<dialect>.json`. */
      readonly plan: string;
      readonly verdict: string;
      /**
       * The resources whose documents were allowed to break rules of the set, cut to the available length; empty if
       * none were.
       */
      readonly invalid: string;
      readonly projects: string;
    }
  /** The triggers and functions of the service's own tool were replaced with ours. */
  | {
      readonly kind: 'adopted';
      readonly time: string;
      readonly to: string;
      readonly plan: string;
      readonly projects: string;
    }
  /** It got the shape of another generation. */
  | {
      readonly kind: 'reshaped';
      readonly time: string;
      readonly shape: string;
      readonly earlierShape: string;
      readonly to: string;
      readonly plan: string;
      readonly projects: string;
    }
  /** The set that the database had when its first upgrade was recorded. */
  | { readonly kind: 'began'; readonly time: string; readonly to: string; readonly projects: string };

/** The first line of a history, which distinguishes it from other texts. */
export const historyHeader = 'dms upgrade history, format 1, newest first';

/** How many entries a history keeps. */
export const keptEntries = 10;

/** UTF-16 code units; with these, all entries fit into an extended property of SQL Server. */
const longestProjects = 100;

/** The part of `longestProjects` for the resources whose documents were allowed to break rules. */
const longestInvalid = 40;
const invalidWords = ', with invalid documents of ';

/** The projects of a set as an entry names them. */
export const projectsText = (projects: readonly string[], longest = longestProjects): string =>
  namesText(projects, longest);

/** Names as an entry has them: on one line, cut to the available length. */
function namesText(names: readonly string[], longest: number): string {
  // JSON writes control characters as escapes
  const text = JSON.stringify(names.join(', ')).slice(1, -1);
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The text after the time of an entry about the beginning of a database. */
export const beganText = ({ effectiveSchemaHash, projects }: UpgradeSide): string =>
  ` began with ${effectiveSchemaHash}: ${projectsText(projects)}`;

/** The text after the time of an entry about a plan. */
export function doneText({ purpose, before, after, plan, verdict, invalid }: HistoryRecord): string {
  const allowed = invalid.length === 0 ? '' : `${invalidWords}${namesText(invalid, longestInvalid)}`;
  const from = before.effectiveSchemaHash;
  const to = after.effectiveSchemaHash;
  const done: Readonly<Record<PlanPurpose, string>> = {
    upgrade: `upgraded to ${to} from ${from} by plan ${plan} (${verdict}${allowed})`,
    adoption: `adopted ${to} by plan ${plan}`,
    move: `reshaped to ${after.mappingVersion} from ${before.mappingVersion} with ${to} by plan ${plan}`,
  };
  return ` ${done[purpose]}: ${projectsText(after.projects, longestProjects - allowed.length)}`;
}

const digits = (count: number) => `[0-9]{${count}}`;
const hash = '[0-9a-f]{64}';

/** The parts of an entry as regular expressions that PostgreSQL and JavaScript both read. */
const forms = {
  time: `${digits(4)}-${digits(2)}-${digits(2)}T${digits(2)}:${digits(2)}:${digits(2)}Z`,
  hash,
  shape: '[a-z0-9-]{1,20}',
  verdict: `(?:${changeClasses.join('|')})`,
  invalid: `[^\\n]{1,${longestInvalid}}`,
  projects: `[^\\n]{1,${longestProjects}}`,
} as const;

type PartForm = (name: string, form: string) => string;

/** The forms of an entry, with their parts written by `part`. */
function entryForm(part: PartForm): Readonly<Record<HistoryEntry['kind'], string>> {
  const time = part('time', forms.time);
  const to = part('to', forms.hash);
  const projects = part('projects', forms.projects);
  const plan = `by plan ${part('plan', forms.hash)}`;
  const how = `from ${part('from', forms.hash)} ${plan} \\(${part('verdict', forms.verdict)}(?:${invalidWords}${part('invalid', forms.invalid)})?\\)`;
  return {
    began: `${time} began with ${to}: ${projects}`,
    upgraded: `${time} upgraded to ${to} ${how}: ${projects}`,
    adopted: `${time} adopted ${to} ${plan}: ${projects}`,
    reshaped: `${time} reshaped to ${part('shape', forms.shape)} from ${part('earlierShape', forms.shape)} with ${to} ${plan}: ${projects}`,
  };
}

const unnamed = entryForm((_, form) => form);

/** One entry, as a regular expression of either language. */
export const entryPattern = `(?:${unnamed.began}|${unnamed.upgraded}|${unnamed.adopted}|${unnamed.reshaped})`;

/** A whole history, as a regular expression of either language. */
export const historyPattern = `^${historyHeader}(?:\\n${entryPattern})*$`;

const named = entryForm((name, form) => `(?<${name}>${form})`);
const beganLine = new RegExp(`^${named.began}$`, 'u');
const upgradedLine = new RegExp(`^${named.upgraded}$`, 'u');
const adoptedLine = new RegExp(`^${named.adopted}$`, 'u');
const reshapedLine = new RegExp(`^${named.reshaped}$`, 'u');

/** The entries of a history, the newest first; null if the text is not a history. */
export function parseHistory(text: string): readonly HistoryEntry[] | null {
  const [header, ...lines] = text.split('\n');
  if (header !== historyHeader) return null;
  const entries = lines.map(parseEntry);
  return entries.every((entry) => entry !== null) ? entries : null;
}

function parseEntry(line: string): HistoryEntry | null {
  const began = beganLine.exec(line)?.groups;
  if (began) {
    const { time, to, projects } = began;
    return { kind: 'began', ...given({ time, to, projects }) };
  }
  const adopted = adoptedLine.exec(line)?.groups;
  if (adopted) {
    const { time, to, plan, projects } = adopted;
    return { kind: 'adopted', ...given({ time, to, plan, projects }) };
  }
  const reshaped = reshapedLine.exec(line)?.groups;
  if (reshaped) {
    const { time, shape, earlierShape, to, plan, projects } = reshaped;
    return { kind: 'reshaped', ...given({ time, shape, earlierShape, to, plan, projects }) };
  }
  const found = upgradedLine.exec(line)?.groups;
  if (!found) return null;
  const { time, from, to, plan, verdict, invalid = '', projects } = found;
  return { kind: 'upgraded', ...given({ time, from, to, plan, verdict, projects }), invalid };
}

/** The parts that every entry of a form has. */
function given<Name extends string>(parts: Readonly<Record<Name, string | undefined>>): Record<Name, string> {
  const names = Object.keys(parts) as Name[];
  return Object.fromEntries(names.map((name) => [name, mustExist(parts[name], `the ${name} of an entry`)])) as Record<
    Name,
    string
  >;
}
