import { isWithin, resourceLabel } from '@dms/api-schema';
import { descriptorLengths, equalPlaces, itemReference, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { type DialectRules, kindFormats } from '@dms/sql';
import { canonicalText, compareOrdinal, JsonNumber, type JsonValue } from '@dms/values';
import type { Comparison } from '../comparing/comparison.ts';
import type { ChangeRules, CheckedRule, Place, RulesOf, Shown } from './change-rules.ts';
import {
  areImplied,
  type ContentChanges,
  contentChanges,
  contentKeywords,
  type Keywords,
  type KeywordsRelaxed,
  type KeywordsTightened,
  keywordGroups,
  losesAllOf,
  noKeywords,
  otherGroup,
  type ResourcePair,
  SchemaRules,
} from './schema-rules.ts';

/*
 * Rules for documents that no table enforces: the keywords of the JSON schemas, equality constraints between tables,
 * and array items that name different targets. A change is free if the models prove that no document newly breaks a
 * rule: neither a stricter rule, nor a rule over values that the same upgrade fills, converts or loses. For any other
 * change the documents are read (design 12 §3.8).
 */

/** A rule that documents of the earlier set may break. */
interface RuleTightened extends Place, Shown, CheckedRule {
  readonly kind:
    | KeywordsTightened
    | 'member required'
    | 'equality added'
    | 'array uniqueness added'
    | 'values change under a rule';
}

/** A rule that all documents of the earlier set obey. */
interface RuleRelaxed extends Place, Shown {
  readonly kind: KeywordsRelaxed | 'member optional' | 'equality removed' | 'array uniqueness removed';
}

export type DocumentRuleChanges = RuleTightened | RuleRelaxed;

const tightened: ChangeRules<RuleTightened> = {
  object: 'document rule',
  class: 'checked',
  documents: ({ resource, rule }) => ({ resource, rule }),
};
const relaxed: ChangeRules<RuleRelaxed> = { object: 'document rule', class: 'free' };

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
  'values change under a rule': tightened,
};

/** Rules that the columns of a resource enforce in its tables. Column changes cover the changes of these rules. */
interface ColumnDocumentRules {
  /** The paths whose column is never NULL. */
  readonly required: ReadonlySet<string>;
  /** The paths whose column limits the length of a text. */
  readonly texts: ReadonlySet<string>;
  /** The paths of descriptors; no table holds a URI longer than `descriptorLengths.uri`. */
  readonly descriptors: ReadonlySet<string>;
  /** The paths in references that a column stores. A reference has all of them or none. */
  readonly inReferences: ReadonlySet<string>;
}

/** Compares the rules for documents of the resources that both sets have (design 12 §3.8). */
export function* compareDocumentRules(comparison: Comparison): Generator<DocumentRuleChanges> {
  const { renaming } = comparison;
  const later = byLabel(comparison.after.model);
  for (const [earlier, before] of byLabel(comparison.before.model)) {
    const owner = renaming.resource(earlier);
    const after = later.get(owner);
    if (after === undefined || after.storageKind !== before.storageKind) continue;
    const pair = { before, after, earlier, owner, renamed: (path: string) => renaming.path(earlier, path) };
    const content = contentChanges(comparison, pair);
    yield* schemaRuleChanges(comparison, pair, content);
    yield* modelRuleChanges(pair, content);
  }
}

const byLabel = ({ resources }: RelationalModelSet): ReadonlyMap<string, ResourceModel> =>
  new Map(resources.map((resource) => [resourceLabel(resource.resourceKey), resource]));

function* schemaRuleChanges(
  { before: { schemas: earlierSchemas }, after: { schemas: laterSchemas }, dialect: { rules } }: Comparison,
  pair: ResourcePair,
  content: ContentChanges,
): Generator<DocumentRuleChanges> {
  const { before, after, earlier, owner, renamed } = pair;
  const same = (path: string) => path;
  const then = new SchemaRules(earlierSchemas.get(earlier) ?? [], renamed);
  const now = new SchemaRules(laterSchemas.get(owner) ?? [], same);
  const columns = { earlier: columnRules(before, rules, renamed), later: columnRules(after, rules, same) };
  const schemas = { ...pair, then, now, columns, content };
  const paths = [then.groups, then.required, now.groups, now.required].flatMap((list) => [...list.keys()]);
  for (const path of [...new Set(paths)].sort(compareOrdinal)) {
    const changed = [...keywordChanges(schemas, path)];
    yield* changed;
    // a changed rule is reason enough to read the documents
    if (!changed.some(({ kind }) => kind === 'values change under a rule' || kind === 'schema rule changed'))
      yield* contentRuleChanges(schemas, path);
    yield* requiredChanges(schemas, path);
  }
}

function columnRules(
  resource: ResourceModel,
  rules: DialectRules,
  renamed: (path: string) => string,
): ColumnDocumentRules {
  const found = { required: new Set<string>(), texts: new Set<string>(), descriptors: new Set<string>() };
  for (const { columns } of resource.tablesInDependencyOrder)
    for (const { sourcePath, isNullable, scalarType, kind } of columns) {
      if (sourcePath === null) continue;
      const path = renamed(sourcePath.canonical);
      if (!isNullable) found.required.add(path);
      if (kind === 'DescriptorFk') found.descriptors.add(path);
      if (scalarType && rules.declaredLength(scalarType) !== null) found.texts.add(path);
    }
  const inReferences = resource.documentReferenceBindings.flatMap(({ identityBindings }) =>
    identityBindings.map(({ referenceJsonPath }) => renamed(referenceJsonPath.canonical)),
  );
  return { ...found, inReferences: new Set(inReferences) };
}

/** Everything about the schemas of a resource that is compared at each path. */
interface ComparedSchemas extends ResourcePair {
  readonly then: SchemaRules;
  readonly now: SchemaRules;
  readonly columns: { readonly earlier: ColumnDocumentRules; readonly later: ColumnDocumentRules };
  readonly content: ContentChanges;
}

/** Changes of keywords at a path where documents of the earlier set, in their later form, may have a value. */
function* keywordChanges(schemas: ComparedSchemas, path: string): Generator<DocumentRuleChanges> {
  const { then, now, columns, content, owner, earlier } = schemas;
  // the later set lacks the path, or neither the earlier set nor the upgrade gives it a value
  if (!now.paths.has(path) || !(then.paths.has(path) || content.filled.has(path))) return;
  const own = then.groups.get(path);
  const later = now.groups.get(path);
  // the earlier rules say nothing about a filled or converted value
  const isOther = content.filled.has(path) || content.converted.has(path);
  for (const group of [...keywordGroups, otherGroup]) {
    const all = own?.get(group) ?? noKeywords;
    const allLater = later?.get(group) ?? noKeywords;
    const earlierRules = withoutColumns(path, all, columns.earlier);
    const laterRules = withoutColumns(path, allLater, columns.later);
    const isFree = areImplied(laterRules, isOther ? noKeywords : all);
    if (isFree && areImplied(earlierRules, allLater)) continue;
    const place = { owner, path: [owner, path], before: shownRules(earlierRules), after: shownRules(laterRules) };
    const keywords = group === otherGroup ? null : [...laterRules.keys()];
    const rule = { code: 'DOCUMENT_SCHEMA_VIOLATED', paths: [path], keywords } as const;
    if (isFree) yield { kind: group.relaxed, ...place };
    else if (areImplied(laterRules, all) && areImplied(all, laterRules))
      yield { kind: 'values change under a rule', ...place, before: undefined, resource: earlier, rule };
    else yield { kind: group.tightened, ...place, resource: earlier, rule };
  }
}

/** The keywords of a group that no column enforces. */
const withoutColumns = (path: string, keywords: Keywords, columns: ColumnDocumentRules): Keywords =>
  new Map(
    [...keywords].filter(([keyword, values]) => {
      if (keyword === 'maxLength') {
        const holdsEveryUri = columns.descriptors.has(path) && values.every(isAtLeast(descriptorLengths.uri));
        return !columns.texts.has(path) && !holdsEveryUri;
      }
      if (keyword === 'format') return !values.every((value) => typeof value === 'string' && kindFormats.has(value));
      return true;
    }),
  );

const isAtLeast = (least: number) => (value: JsonValue) => value instanceof JsonNumber && Number(value.lexeme) >= least;

/** Maximum number of characters of a rule in a plan. */
const shownLength = 60;

function shownRules(keywords: Keywords): string | undefined {
  if (keywords.size === 0) return undefined;
  const text = [...keywords]
    .flatMap(([keyword, values]) => values.map((value) => `${keyword} ${canonicalText(value)}`))
    .sort()
    .join(', ');
  return text.length > shownLength ? `${text.slice(0, shownLength).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

/** The change for an object or array whose content a rule restricts, if values inside it change. */
function* contentRuleChanges(schemas: ComparedSchemas, path: string): Generator<DocumentRuleChanges> {
  const { then, now, content, owner, earlier } = schemas;
  const keywords = contentKeywords(now.groups.get(path));
  if (keywords.size === 0 || !then.paths.has(path)) return;
  if (![...content.all].some((each) => each !== path && isWithin(each, path))) return;
  const rule = { code: 'DOCUMENT_SCHEMA_VIOLATED', paths: [path], keywords: null } as const;
  const place = { owner, path: [owner, path], after: shownRules(keywords) };
  yield { kind: 'values change under a rule', ...place, resource: earlier, rule };
}

/**
 * The changes of required members: newly required, no longer required, or required and possibly removed by the upgrade.
 */
function* requiredChanges(schemas: ComparedSchemas, path: string): Generator<DocumentRuleChanges> {
  const { then, now, columns, content, owner, earlier, after } = schemas;
  const container = path.slice(0, Math.max(1, path.lastIndexOf('.')));
  if (path === '$' || !now.paths.has(container)) return;
  // values that move into an object make it present
  const isMade = !then.paths.has(container);
  if (isMade && !then.containers.has(container)) return;
  const wasRequired = then.required.has(path) || columns.earlier.required.has(path);
  const isRequired = now.required.has(path) || columns.later.required.has(path);
  const place = { owner, path: [owner, path] };
  const rule = { code: 'DOCUMENT_SCHEMA_VIOLATED', paths: [path], keywords: ['required'] } as const;
  if (now.required.has(path) && !columns.later.required.has(path) && wasRequired && losesAllOf(content, path, after))
    yield { kind: 'values change under a rule', ...place, after: 'required', resource: earlier, rule };
  if (wasRequired === isRequired || columns.later.inReferences.has(path)) return;
  // column changes cover a column that is never NULL
  if (isRequired && !columns.later.required.has(path))
    yield { kind: 'member required', ...place, resource: earlier, rule };
  else if (!isRequired && !isMade && !columns.earlier.required.has(path)) yield { kind: 'member optional', ...place };
}

function* modelRuleChanges(pair: ResourcePair, content: ContentChanges): Generator<DocumentRuleChanges> {
  const { before, after, earlier, owner, renamed } = pair;
  const same = (path: string) => path;
  const { had, has } = content;
  const equalThen = equalities(before, renamed);
  const equalNow = equalities(after, same);
  for (const [text, paths] of equalNow) {
    const isOther = paths.some((path) => content.all.has(path));
    if (equalThen.has(text) ? !isOther : !mayDiffer(paths, content)) continue;
    const rule = { code: 'DOCUMENT_EQUALITY_VIOLATED', paths, keywords: null } as const;
    const kind = equalThen.has(text) ? 'values change under a rule' : 'equality added';
    yield { kind, owner, path: [owner, text], resource: earlier, rule };
  }
  for (const [text, paths] of equalThen)
    if (!equalNow.has(text) && paths.every((path) => has.has(path)))
      yield { kind: 'equality removed', owner, path: [owner, text] };
  const itemsThen = distinctItems(before, renamed);
  const itemsNow = distinctItems(after, same);
  for (const [scope, reference] of itemsNow) {
    if (itemsThen.get(scope) === reference || !had.has(scope)) continue;
    const rule = { code: 'DOCUMENT_DUPLICATE_ELEMENT', paths: [scope], keywords: null } as const;
    yield { kind: 'array uniqueness added', owner, path: [owner, reference], resource: earlier, rule };
  }
  for (const [scope, reference] of itemsThen)
    if (!itemsNow.has(scope) && has.has(scope))
      yield { kind: 'array uniqueness removed', owner, path: [owner, reference] };
}

/** The places of a resource's equality constraints between tables, as `a = b`. */
const equalities = (
  resource: ResourceModel,
  renamed: (path: string) => string,
): Map<string, readonly [string, string]> =>
  new Map(
    equalPlaces(resource).map(({ a, b }) => {
      const first = renamed(a.path.canonical);
      const second = renamed(b.path.canonical);
      const paths: readonly [string, string] = compareOrdinal(first, second) <= 0 ? [first, second] : [second, first];
      return [paths.join(' = '), paths];
    }),
  );

/** Whether documents of the earlier set may have two different values at the places of an equality constraint. */
function mayDiffer(paths: readonly [string, string], { had, filled }: ContentChanges): boolean {
  const present = paths.filter((path) => had.has(path) || filled.has(path));
  const [only] = present;
  // several items may differ among themselves
  return present.length === 2 || (only?.includes('[*]') ?? false);
}

/** The references by which the items of an array must differ, by the path of the items. */
const distinctItems = (resource: ResourceModel, renamed: (path: string) => string): Map<string, string> =>
  new Map(
    resource.tablesInDependencyOrder.flatMap((table) => {
      const reference = itemReference(resource, table);
      const scope = renamed(table.jsonScope.canonical);
      return reference === null ? [] : [[scope, renamed(reference.referenceObjectPath.canonical)]];
    }),
  );
