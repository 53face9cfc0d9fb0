import {
  type MarkedView,
  type PreparedObject,
  type PreparedSet,
  preparedSet,
  preparedSetText,
  preparedText,
  type RecordedStep,
  type ViewLayer,
} from '@dms/databases';
import { counted, type Diagnostic, diagnostic, listOfNames, printable } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import { applyCommand, applyEarlierCommand, earlierOptionsOfMark, optionsOfMark } from '@dms/ods';
import { compareBy, groupBy, hashStart } from '@dms/values';

/** The preparation for an upgrade that `check` finds in a database (design 12a §5.3). */
export interface PreparationState {
  /** The schema set of the upgrade; null if no object is made yet. */
  readonly later: PreparedSet | null;
  /** The prepared objects, in the order in which they were made. */
  readonly objects: readonly PreparedObject[];
  /** The number of statements that began and did not end. */
  readonly broken: number;
}

/** The state of a recorded preparation; null if the database is not prepared. */
export function preparationState(record: readonly RecordedStep[] | null): PreparationState | null {
  if (record === null) return null;
  const objects = new Map(record.flatMap((step) => step.objects).map((object) => [preparedText(object), object]));
  const [first] = record;
  return {
    later: first === undefined ? null : preparedSet(first.later),
    objects: [...objects.values()],
    broken: record.filter(({ isDone }) => !isDone).length,
  };
}

/** The lines for people. Prepared objects do not count as differences from the schema set. */
export function preparationLines({ later, objects, broken }: PreparationState): string[] {
  const rest = broken === 0 ? '' : '; one step did not end, and upgrade prepare makes it again';
  const set = later === null ? 'another schema set' : preparedSetText(later);
  return [
    `Prepared for an upgrade to ${set}: ${counted(objects.length, 'object')}${rest}`,
    ...objects.map((object) => `  ${preparedText(object)}`),
  ];
}

/** The form for machines. */
export const preparationValue = ({ later, objects, broken }: PreparationState) => ({
  effective_schema_hash: later?.hash ?? null,
  ...(later?.generation === undefined ? {} : { generation: later.generation }),
  objects: objects.map(preparedText),
  broken,
});

/** The reporting views that `check` finds in a database (design 19 §8). */
export interface ReportingState {
  readonly layer: ViewLayer;
  /** For views of the earlier version: the schema sets whose tables they show, and the translations; else empty. */
  readonly earlier: { readonly sets: readonly string[]; readonly translations: readonly string[] };
  readonly views: number;
  /** `schema.name` of the table of descriptors; null if they are a view. */
  readonly descriptorTable: string | null;
  /** The schema sets that views were made for, other than the set of the database. */
  readonly otherHashes: readonly string[];
  /** `schema.name` of the views whose definition is no longer the one that was made. */
  readonly changed: readonly string[];
  /** The views that now have another name or schema, with the name that they were made with. */
  readonly renamed: readonly { readonly made: string; readonly now: string }[];
  /** The missing views: their number, and the names that the marks of other views contain. */
  readonly missing: { readonly count: number; readonly names: readonly string[] };
  /** The roles that were granted views and can no longer read them. */
  readonly revoked: readonly { readonly role: string; readonly views: readonly string[] }[];
  /** The command that makes the views again. */
  readonly command: string;
}

const commands: Readonly<Record<ViewLayer, (made: MarkedView['made']) => string>> = {
  own: (made) => applyCommand(optionsOfMark(made)),
  earlier: (made) => applyEarlierCommand(earlierOptionsOfMark(made)),
};

/** The state of the views of one layer; null if there are none. */
export function reportingState(
  found: readonly MarkedView[],
  effectiveSchemaHash: string,
  layer: ViewLayer = 'own',
): ReportingState | null {
  const views = found.filter((view) => view.layer === layer);
  const [first] = views;
  if (first === undefined) return null;
  const marks = views.flatMap(({ made }) => made ?? []);
  const hashes = new Set(marks.map(({ set }) => set));
  hashes.delete(effectiveSchemaHash);
  const table = views.find(({ kind }) => kind === 'table');
  const made = new Set(marks.map(({ name }) => name));
  const gone = [...new Set(marks.map(({ next }) => next))].filter((name) => !made.has(name)).sort();
  const count = Math.max(gone.length, (marks[0]?.views ?? 0) - views.length);
  const revoked = groupBy(
    views.flatMap((view) => view.revoked.map((role) => ({ role, view: qualified(view) }))),
    ({ role }) => role,
  );
  const earlier = marks.flatMap((mark) => mark.earlier ?? []);
  return {
    layer,
    earlier: {
      sets: [...new Set(earlier.map(({ set }) => set))].sort(),
      translations: [...new Set(earlier.map(({ translation }) => translation))].sort(),
    },
    views: views.filter(({ kind }) => kind === 'view').length,
    descriptorTable: table === undefined ? null : qualified(table),
    otherHashes: [...hashes].sort(),
    changed: views
      .filter(({ isUnchanged }) => !isUnchanged)
      .map(qualified)
      .sort(),
    renamed: views
      .flatMap((view) => (view.made === null ? [] : { made: view.made.name, now: qualified(view) }))
      .filter(({ made: name, now }) => name !== now)
      .sort(compareBy(({ made: name }) => name)),
    missing: { count, names: gone },
    revoked: [...revoked]
      .map(([role, found]) => ({ role, views: found.map(({ view }) => view).sort() }))
      .sort(compareBy(({ role }) => role)),
    command: commands[layer](first.made),
  };
}

/** `REPORTING_VIEWS_DIFFER` for views that `reporting apply` would replace. */
export function reportingFindings(state: ReportingState | null, label: string): readonly Diagnostic[] {
  if (state === null) return [];
  const { layer, earlier: _, otherHashes, changed, renamed, missing, revoked, command, ...counts } = state;
  const subject = `reporting views${layer === 'own' ? '' : ' of the earlier version'}`;
  const troubles = [
    ...(otherHashes.length === 0 ? [] : [`are of the schema set ${otherHashes.map(hashStart).join(', ')}`]),
    ...(changed.length === 0 ? [] : [`were changed since they were made: ${listOfNames(changed)}`]),
    ...(renamed.length === 0
      ? []
      : [`were renamed since they were made: ${listOfNames(renamed.map(({ made, now }) => `${made} to ${now}`))}`]),
    ...(missing.count === 0
      ? []
      : [
          missing.names.length === 0
            ? `are missing: ${missing.count}`
            : `are missing: ${namesAndMore(missing.names, missing.count)}`,
        ]),
    ...revoked.map(({ role, views }) => `can no longer be read by the role ${printable(role)}: ${listOfNames(views)}`),
  ];
  const details = { ...counts, otherHashes, changed, missing: missing.names };
  return troubles.map((what) =>
    diagnostic(
      'REPORTING_VIEWS_DIFFER',
      `${label}: ${subject} ${what}. ${command} replaces them.`,
      {},
      { ...details, renamed: renamed.map(({ now }) => now), revoked: revoked.map(({ role }) => role) },
    ),
  );
}

/** Names, and the number of others. */
const namesAndMore = (names: readonly string[], count: number) =>
  count > names.length ? `${listOfNames(names)} and ${count - names.length} more` : listOfNames(names);

/** `Reporting views: 613`; for an earlier version with the start of its fingerprint and of the translation. */
export function reportingLine(state: ReportingState): string {
  const { layer, earlier, views, descriptorTable, otherHashes, changed, renamed, missing, revoked } = state;
  const counts = [
    [changed.length, 'changed'],
    [renamed.length, 'renamed'],
    [missing.count, 'missing'],
    [new Set(revoked.flatMap((entry) => entry.views)).size, 'with a revoked right'],
  ] as const;
  const facts = [
    `${views}${descriptorTable === null ? '' : ` and the table ${descriptorTable}`}`,
    ...otherHashes.map((hash) => `${layer === 'own' ? 'of' : 'on'} the schema set ${hashStart(hash)}`),
    ...counts.flatMap(([count, what]) => (count === 0 ? [] : [`${counted(count, 'view')} ${what}`])),
  ];
  if (layer === 'own') return `Reporting views: ${facts.join(', ')}`;
  const sources = [
    ...earlier.sets.map((hash) => `set ${hashStart(hash)}`),
    ...earlier.translations.map((hash) => `translation ${hashStart(hash)}`),
  ];
  return `Reporting views of the earlier version: ${[...facts, ...sources].join(', ')}`;
}

/** The form for machines. */
export const reportingValue = (state: ReportingState) => {
  const { layer, earlier, views, descriptorTable, otherHashes, changed, renamed, missing, revoked } = state;
  return {
    ...(layer === 'own' ? {} : { sets: earlier.sets, translations: earlier.translations }),
    views,
    descriptor_table: descriptorTable,
    other_hashes: otherHashes,
    changed,
    renamed,
    missing,
    revoked,
  };
};
