import { resourceLabel } from '@dms/api-schema';
import {
  canonicalText,
  compareOrdinal,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from '@dms/canonical-json';
import { equalPlaces, itemReference, type RelationalModelSet, type ResourceModel } from '@dms/model';
import type { DialectRules } from '@dms/sql';
import type { Comparison } from '../comparison.ts';
import type { ChangeRules, CheckedRule, Place, RulesOf, Shown } from './change-rules.ts';

/*
 * Rules for documents that no table enforces: the keywords of the JSON schemas, equality constraints between tables, and array items that
 * name different targets. A rule is compared where documents of the earlier set may have a value (design 12 §3.8).
 */

/** A rule that documents of the earlier set may break. */
interface RuleTightened extends Place, Shown, CheckedRule {
  readonly kind:
    | 'member required'
    | 'pattern changed'
    | 'range narrower'
    | 'length narrower'
    | 'values fewer'
    | 'items narrower'
    | 'format changed'
    | 'schema rule changed'
    | 'equality added'
    | 'array uniqueness added';
}

/** A rule that all documents of the earlier set obey. */
interface RuleRelaxed extends Place, Shown {
  readonly kind:
    | 'member optional'
    | 'pattern removed'
    | 'range wider'
    | 'length wider'
    | 'values more'
    | 'items wider'
    | 'format removed'
    | 'schema rule relaxed'
    | 'equality removed'
    | 'array uniqueness removed';
}

export type DocumentRuleChanges = RuleTightened | RuleRelaxed;

const tightened: ChangeRules<RuleTightened> = {
  object: 'document rule',
  class: 'checked',
  made: [],
  documents: ({ resource, rule }) => ({ resource, rule }),
};
const relaxed: ChangeRules<RuleRelaxed> = { object: 'document rule', class: 'free', made: [] };

export const documentRuleRules: RulesOf<DocumentRuleChanges> = {
  'member required': tightened,
  'member optional': relaxed,
  'pattern changed': tightened,
  'pattern removed': relaxed,
  'range narrower': tightened,
  'range wider': relaxed,
  'length narrower': tightened,
  'length wider': relaxed,
  'values fewer': tightened,
  'values more': relaxed,
  'items narrower': tightened,
  'items wider': relaxed,
  'format changed': tightened,
  'format removed': relaxed,
  'schema rule changed': tightened,
  'schema rule relaxed': relaxed,
  'equality added': tightened,
  'equality removed': relaxed,
  'array uniqueness added': tightened,
  'array uniqueness removed': relaxed,
};

/** Keywords that are compared together, with the kinds of their changes. */
interface KeywordGroup {
  readonly keywords: readonly string[];
  readonly tightened: RuleTightened['kind'];
  readonly relaxed: RuleRelaxed['kind'];
}

const keywordGroups: readonly KeywordGroup[] = [
  { keywords: ['pattern'], tightened: 'pattern changed', relaxed: 'pattern removed' },
  {
    keywords: ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'multipleOf'],
    tightened: 'range narrower',
    relaxed: 'range wider',
  },
  { keywords: ['minLength', 'maxLength'], tightened: 'length narrower', relaxed: 'length wider' },
  { keywords: ['enum', 'const'], tightened: 'values fewer', relaxed: 'values more' },
  { keywords: ['minItems', 'maxItems', 'uniqueItems'], tightened: 'items narrower', relaxed: 'items wider' },
  { keywords: ['format'], tightened: 'format changed', relaxed: 'format removed' },
];

const groupByKeyword = new Map(keywordGroups.flatMap((group) => group.keywords.map((keyword) => [keyword, group] as const)));

const otherGroup: KeywordGroup = { keywords: [], tightened: 'schema rule changed', relaxed: 'schema rule relaxed' };

const groupOf = (keyword: string): KeywordGroup => groupByKeyword.get(keyword) ?? otherGroup;

/** Keywords that are no rules of their own. A type is the type of a column, which has changes of its own. */
const noRules: ReadonlySet<string> = new Set(['description', 'properties', 'items', 'required', 'type']);

/** Formats that follow from the type of a column, or that the check against the model decides (design 14 §1.1). */
const columnFormats: ReadonlySet<string> = new Set(['int32', 'int64', 'float', 'double', 'date', 'time', 'date-time']);

/** The values of each keyword at a path; several if the schemas of extensions repeat it. */
type Keywords = ReadonlyMap<string, readonly JsonValue[]>;

/** What the schemas of a resource say about documents. */
class SchemaRules {
  /** All paths that the schemas have. */
  readonly paths = new Set<string>(['$']);
  /** The rules of each path, by their group. */
  readonly groups = new Map<string, Map<KeywordGroup, Map<string, JsonValue[]>>>();
  /** The paths of required members. */
  readonly required = new Set<string>();
  private readonly renamed: (path: string) => string;

  constructor(schemas: readonly JsonObject[], renamed: (path: string) => string) {
    this.renamed = renamed;
    for (const schema of schemas) this.object(schema, '$');
  }

  /** The path of a member in the later set. A collection is renamed by the path of its items. */
  private place(path: string, schema: JsonValue | undefined): string {
    const isCollection = schema !== undefined && isJsonObject(schema) && schema.get('items') !== undefined;
    return isCollection ? this.renamed(`${path}[*]`).slice(0, -'[*]'.length) : this.renamed(path);
  }

  private add(place: string, keyword: string, value: JsonValue): void {
    const group = groupOf(keyword);
    const groups = this.groups.get(place) ?? new Map<KeywordGroup, Map<string, JsonValue[]>>();
    const keywords = groups.get(group) ?? new Map<string, JsonValue[]>();
    keywords.set(keyword, [...(keywords.get(keyword) ?? []), value]);
    groups.set(group, keywords);
    this.groups.set(place, groups);
  }

  private schema(schema: JsonValue, path: string): void {
    const place = this.place(path, schema);
    this.paths.add(place);
    if (isJsonObject(schema)) this.object(schema, path);
    else if (schema !== true) this.add(place, 'schema', schema);
  }

  private object(schema: JsonObject, path: string): void {
    const place = this.place(path, schema);
    for (const [keyword, value] of schema) if (!noRules.has(keyword)) this.add(place, keyword, value);
    const given = schema.get('properties');
    const properties = isJsonObject(given) ? given : new Map<string, JsonValue>();
    const names = schema.get('required');
    if (names !== undefined && isJsonArray(names))
      for (const name of names)
        if (typeof name === 'string') this.required.add(this.place(`${path}.${name}`, properties.get(name)));
    for (const [name, inner] of properties) this.schema(inner, `${path}.${name}`);
    const items = schema.get('items');
    if (items !== undefined) this.schema(items, `${path}[*]`);
  }
}

const numberOf = (value: JsonValue) => (value instanceof JsonNumber ? Number(value.lexeme) : Number.NaN);

/** Whether a value that obeys the earlier keywords of a group always obeys one of the later set. */
function isImplied(keyword: string, value: JsonValue, earlier: Keywords): boolean {
  const isKnown = (other: string, holds: (then: JsonValue) => boolean) => (earlier.get(other) ?? []).some(holds);
  const now = numberOf(value);
  const sameText = (then: JsonValue) => canonicalText(then) === canonicalText(value);
  switch (keyword) {
    case 'maximum':
      return (
        isKnown('maximum', (then) => numberOf(then) <= now) || isKnown('exclusiveMaximum', (then) => numberOf(then) <= now)
      );
    case 'exclusiveMaximum':
      return isKnown('maximum', (then) => numberOf(then) < now) || isKnown(keyword, (then) => numberOf(then) <= now);
    case 'minimum':
      return (
        isKnown('minimum', (then) => numberOf(then) >= now) || isKnown('exclusiveMinimum', (then) => numberOf(then) >= now)
      );
    case 'exclusiveMinimum':
      return isKnown('minimum', (then) => numberOf(then) > now) || isKnown(keyword, (then) => numberOf(then) >= now);
    case 'multipleOf':
      return isKnown(keyword, (then) => sameText(then) || (Number.isInteger(now) && numberOf(then) % now === 0));
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return isKnown(keyword, (then) => numberOf(then) <= now);
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return now <= 0 || isKnown(keyword, (then) => numberOf(then) >= now);
    case 'uniqueItems':
      return value !== true || isKnown(keyword, (then) => then === true);
    case 'enum':
    case 'const': {
      const listed = (values: JsonValue, of: string) => (of === 'enum' && isJsonArray(values) ? values : [values]);
      const allowed = new Set(listed(value, keyword).map((each) => canonicalText(each)));
      const isWithinAllowed = (of: string) => (then: JsonValue) =>
        listed(then, of).every((each) => allowed.has(canonicalText(each)));
      return isKnown('enum', isWithinAllowed('enum')) || isKnown('const', isWithinAllowed('const'));
    }
    default:
      return isKnown(keyword, sameText);
  }
}

/** Whether everything that obeys the earlier keywords of a group obeys the later ones. */
const areImplied = (later: Keywords, earlier: Keywords): boolean =>
  [...later].every(([keyword, values]) => values.every((value) => isImplied(keyword, value, earlier)));

/** The most characters of a rule that a plan shows. */
const shownLength = 60;

function shownRules(keywords: Keywords): string | undefined {
  if (keywords.size === 0) return undefined;
  const text = [...keywords]
    .flatMap(([keyword, values]) => values.map((value) => `${keyword} ${canonicalText(value)}`))
    .sort()
    .join(', ');
  return text.length > shownLength ? `${text.slice(0, shownLength).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

/** Rules that the columns of a resource enforce, in its tables. Changes of columns say what becomes of them. */
interface ColumnRules {
  /** The paths whose column is never NULL. */
  readonly required: ReadonlySet<string>;
  /** The paths whose column limits the length of a text. */
  readonly texts: ReadonlySet<string>;
  /** The paths in references that a column stores. A reference has all of them or none. */
  readonly inReferences: ReadonlySet<string>;
}

function columnRules(resource: ResourceModel, rules: DialectRules, renamed: (path: string) => string): ColumnRules {
  const found = { required: new Set<string>(), texts: new Set<string>() };
  for (const { columns } of resource.tablesInDependencyOrder)
    for (const { sourcePath, isNullable, scalarType } of columns) {
      if (sourcePath === null) continue;
      const path = renamed(sourcePath.canonical);
      if (!isNullable) found.required.add(path);
      if (scalarType && rules.declaredLength(scalarType) !== null) found.texts.add(path);
    }
  const inReferences = resource.documentReferenceBindings.flatMap(({ identityBindings }) =>
    identityBindings.map(({ referenceJsonPath }) => renamed(referenceJsonPath.canonical)),
  );
  return { ...found, inReferences: new Set(inReferences) };
}

/** The keywords of a group that no column enforces. */
const withoutColumns = (path: string, keywords: Keywords, columns: ColumnRules): Keywords =>
  new Map(
    [...keywords].filter(([keyword, values]) => {
      if (keyword === 'maxLength') return !columns.texts.has(path);
      if (keyword === 'format') return !values.every((value) => typeof value === 'string' && columnFormats.has(value));
      return true;
    }),
  );

const noKeywords: Keywords = new Map();

/** A resource of both sets. */
interface ResourcePair {
  readonly before: ResourceModel;
  readonly after: ResourceModel;
  /** `Project:Resource` in each set. */
  readonly earlier: string;
  readonly owner: string;
  /** Paths of the later set by paths of the earlier set. */
  readonly renamed: (path: string) => string;
}

function* schemaRuleChanges(
  { before: { schemas: earlierSchemas }, after: { schemas: laterSchemas }, dialect: { rules } }: Comparison,
  { before, after, earlier, owner, renamed }: ResourcePair,
): Generator<DocumentRuleChanges> {
  const same = (path: string) => path;
  const then = new SchemaRules(earlierSchemas.get(earlier) ?? [], renamed);
  const now = new SchemaRules(laterSchemas.get(owner) ?? [], same);
  const columns = { earlier: columnRules(before, rules, renamed), later: columnRules(after, rules, same) };
  const paths = [then.groups, then.required, now.groups, now.required].flatMap((list) => [...list.keys()]);
  for (const path of [...new Set(paths)].sort(compareOrdinal)) {
    const [own, later] = [then.groups.get(path), now.groups.get(path)];
    for (const group of [...keywordGroups, otherGroup]) {
      // documents of the earlier set have no value there, or the later set has no place for it
      if (!then.paths.has(path) || !now.paths.has(path)) continue;
      const [all, allLater] = [own?.get(group) ?? noKeywords, later?.get(group) ?? noKeywords];
      const earlierRules = withoutColumns(path, all, columns.earlier);
      const laterRules = withoutColumns(path, allLater, columns.later);
      const isFree = areImplied(laterRules, all);
      if (isFree && areImplied(earlierRules, allLater)) continue;
      const place = { owner, path: [owner, path], before: shownRules(earlierRules), after: shownRules(laterRules) };
      const keywords = group === otherGroup ? null : [...laterRules.keys()];
      const rule = { code: 'DOCUMENT_SCHEMA_VIOLATED', paths: [path], keywords } as const;
      if (isFree) yield { kind: group.relaxed, ...place };
      else yield { kind: group.tightened, ...place, resource: earlier, rule };
    }
    const container = path.slice(0, Math.max(1, path.lastIndexOf('.')));
    if (path === '$' || !then.paths.has(container) || !now.paths.has(container)) continue;
    const wasRequired = then.required.has(path) || columns.earlier.required.has(path);
    const isRequired = now.required.has(path) || columns.later.required.has(path);
    if (wasRequired === isRequired || columns.later.inReferences.has(path)) continue;
    const place = { owner, path: [owner, path] };
    const rule = { code: 'DOCUMENT_SCHEMA_VIOLATED', paths: [path], keywords: ['required'] } as const;
    // changes of columns say what becomes of a column that is never NULL
    if (isRequired && !columns.later.required.has(path)) yield { kind: 'member required', ...place, resource: earlier, rule };
    else if (!isRequired && !columns.earlier.required.has(path)) yield { kind: 'member optional', ...place };
  }
}

/** The places of a resource's equality constraints between tables, as `a = b`. */
const equalities = (resource: ResourceModel, renamed: (path: string) => string): Map<string, readonly string[]> =>
  new Map(
    equalPlaces(resource).map(({ a, b }) => {
      const paths = [renamed(a.path.canonical), renamed(b.path.canonical)].sort();
      return [paths.join(' = '), paths];
    }),
  );

/** The references by which the items of an array must differ, by the path of the items. */
const distinctItems = (resource: ResourceModel, renamed: (path: string) => string): Map<string, string> =>
  new Map(
    resource.tablesInDependencyOrder.flatMap((table) => {
      const reference = itemReference(resource, table);
      const scope = renamed(table.jsonScope.canonical);
      return reference === null ? [] : [[scope, renamed(reference.referenceObjectPath.canonical)]];
    }),
  );

/** The paths that have a table or a column. */
const placesOf = ({ tablesInDependencyOrder }: ResourceModel, renamed: (path: string) => string): ReadonlySet<string> =>
  new Set(
    tablesInDependencyOrder.flatMap(({ columns, jsonScope }) => [
      renamed(jsonScope.canonical),
      ...columns.flatMap(({ sourcePath }) => (sourcePath === null ? [] : [renamed(sourcePath.canonical)])),
    ]),
  );

function* modelRuleChanges({ before, after, earlier, owner, renamed }: ResourcePair): Generator<DocumentRuleChanges> {
  const same = (path: string) => path;
  const [had, has] = [placesOf(before, renamed), placesOf(after, same)];
  const [equalThen, equalNow] = [equalities(before, renamed), equalities(after, same)];
  for (const [text, paths] of equalNow) {
    if (equalThen.has(text) || !paths.every((path) => had.has(path))) continue;
    const rule = { code: 'DOCUMENT_EQUALITY_VIOLATED', paths, keywords: null } as const;
    yield { kind: 'equality added', owner, path: [owner, text], resource: earlier, rule };
  }
  for (const [text, paths] of equalThen)
    if (!equalNow.has(text) && paths.every((path) => has.has(path)))
      yield { kind: 'equality removed', owner, path: [owner, text] };
  const [itemsThen, itemsNow] = [distinctItems(before, renamed), distinctItems(after, same)];
  for (const [scope, reference] of itemsNow) {
    if (itemsThen.get(scope) === reference || !had.has(scope)) continue;
    const rule = { code: 'DOCUMENT_DUPLICATE_ELEMENT', paths: [scope], keywords: null } as const;
    yield { kind: 'array uniqueness added', owner, path: [owner, reference], resource: earlier, rule };
  }
  for (const [scope, reference] of itemsThen)
    if (!itemsNow.has(scope) && has.has(scope)) yield { kind: 'array uniqueness removed', owner, path: [owner, reference] };
}

const byLabel = ({ resources }: RelationalModelSet): ReadonlyMap<string, ResourceModel> =>
  new Map(resources.map((resource) => [resourceLabel(resource.resourceKey), resource]));

/** Compares the rules for documents of the resources that both sets have (design 12 §3.8). */
export function* compareDocumentRules(comparison: Comparison): Generator<DocumentRuleChanges> {
  const { renaming } = comparison;
  const later = byLabel(comparison.after.model);
  for (const [earlier, before] of byLabel(comparison.before.model)) {
    const owner = renaming.resource(earlier);
    const after = later.get(owner);
    if (after === undefined || after.storageKind !== before.storageKind) continue;
    const pair = { before, after, earlier, owner, renamed: (path: string) => renaming.path(earlier, path) };
    yield* schemaRuleChanges(comparison, pair);
    yield* modelRuleChanges(pair);
  }
}
