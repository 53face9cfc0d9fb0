import { isWithin } from '@dms/api-schema';
import { qualified, type ResourceModel } from '@dms/model';
import { objectsAround } from '@dms/translation';
import { canonicalText, isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import type { Comparison } from '../comparing/comparison.ts';

/* The rules of the JSON schemas of a resource for its documents, and which rules imply others (design 12 §3.8). */

export type KeywordsTightened =
  | 'pattern changed'
  | 'range narrower'
  | 'length narrower'
  | 'values fewer'
  | 'items narrower'
  | 'format changed'
  | 'schema rule changed';

export type KeywordsRelaxed =
  | 'pattern removed'
  | 'range wider'
  | 'length wider'
  | 'values more'
  | 'items wider'
  | 'format removed'
  | 'schema rule relaxed';

/** Keywords that are compared together, with the kinds of their changes. */
interface KeywordGroup {
  readonly keywords: readonly string[];
  readonly tightened: KeywordsTightened;
  readonly relaxed: KeywordsRelaxed;
}

export const keywordGroups: readonly KeywordGroup[] = [
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

const groupByKeyword = new Map(
  keywordGroups.flatMap((group) => group.keywords.map((keyword) => [keyword, group] as const)),
);

export const otherGroup: KeywordGroup = {
  keywords: [],
  tightened: 'schema rule changed',
  relaxed: 'schema rule relaxed',
};

/**
 * Keywords without rules of their own: the type of a value is that of its column, whose changes are of another kind.
 */
const noRules: ReadonlySet<string> = new Set(['description', 'properties', 'items', 'required', 'type']);

/** The values of each keyword at a path; several if the schemas of extensions repeat it. */
export type Keywords = ReadonlyMap<string, readonly JsonValue[]>;

/** The rules of the schemas of a resource for documents. */
export class SchemaRules {
  /** All paths that the schemas have. */
  readonly paths = new Set<string>(['$']);
  /** The objects and items around these paths, also those that only renamed members have. */
  readonly containers = new Set<string>();
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
    for (const around of objectsAround(place)) this.containers.add(around);
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

const groupOf = (keyword: string): KeywordGroup => groupByKeyword.get(keyword) ?? otherGroup;

/** Whether every value that obeys the earlier keywords of a group obeys the later ones. */
export const areImplied = (later: Keywords, earlier: Keywords): boolean =>
  [...later].every(([keyword, values]) => values.every((value) => isImplied(keyword, value, earlier)));

/** Whether a value that obeys the earlier keywords of a group always obeys one keyword of the later set. */
function isImplied(keyword: string, value: JsonValue, earlier: Keywords): boolean {
  const hasEarlier = (other: string, holds: (then: JsonValue) => boolean) => (earlier.get(other) ?? []).some(holds);
  const now = numberOf(value);
  const sameText = (then: JsonValue) => canonicalText(then) === canonicalText(value);
  switch (keyword) {
    case 'maximum':
      return (
        hasEarlier('maximum', (then) => numberOf(then) <= now) ||
        hasEarlier('exclusiveMaximum', (then) => numberOf(then) <= now)
      );
    case 'exclusiveMaximum':
      return (
        hasEarlier('maximum', (then) => numberOf(then) < now) || hasEarlier(keyword, (then) => numberOf(then) <= now)
      );
    case 'minimum':
      return (
        hasEarlier('minimum', (then) => numberOf(then) >= now) ||
        hasEarlier('exclusiveMinimum', (then) => numberOf(then) >= now)
      );
    case 'exclusiveMinimum':
      return (
        hasEarlier('minimum', (then) => numberOf(then) > now) || hasEarlier(keyword, (then) => numberOf(then) >= now)
      );
    case 'multipleOf':
      return hasEarlier(keyword, (then) => sameText(then) || (Number.isInteger(now) && numberOf(then) % now === 0));
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return hasEarlier(keyword, (then) => numberOf(then) <= now);
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return now <= 0 || hasEarlier(keyword, (then) => numberOf(then) >= now);
    case 'uniqueItems':
      return value !== true || hasEarlier(keyword, (then) => then === true);
    case 'enum':
    case 'const': {
      const listed = (values: JsonValue, of: string) => (of === 'enum' && isJsonArray(values) ? values : [values]);
      const allowed = new Set(listed(value, keyword).map((each) => canonicalText(each)));
      const isWithinAllowed = (of: string) => (then: JsonValue) =>
        listed(then, of).every((each) => allowed.has(canonicalText(each)));
      return hasEarlier('enum', isWithinAllowed('enum')) || hasEarlier('const', isWithinAllowed('const'));
    }
    default:
      return hasEarlier(keyword, sameText);
  }
}

const numberOf = (value: JsonValue) => (value instanceof JsonNumber ? Number(value.lexeme) : Number.NaN);

export const noKeywords: Keywords = new Map();

/** Keywords that say nothing about the content of an object or an array, or that are no rules. */
const withoutContent: ReadonlySet<string> = new Set([
  ...['minItems', 'maxItems', 'minLength', 'maxLength', 'pattern', 'format'],
  ...['$schema', '$id', '$comment', 'title', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
]);

/** Keywords that only say which members there may be; members that a schema does not have are not stored. */
const memberKeywords: ReadonlySet<string> = new Set(['additionalProperties', 'unevaluatedProperties']);

/** The keywords of a path whose result may change with a value inside it, such as `minProperties` and `uniqueItems`. */
export const contentKeywords = (groups: ReadonlyMap<unknown, Keywords> | undefined): Keywords =>
  new Map(
    [...(groups?.values() ?? [])].flatMap((keywords) =>
      [...keywords].filter(
        ([keyword, values]) =>
          !withoutContent.has(keyword) &&
          !(memberKeywords.has(keyword) && values.every((value) => typeof value === 'boolean')) &&
          !(keyword === 'uniqueItems' && values.every((value) => value === false)),
      ),
    ),
  );

/* The changes that an upgrade itself makes to the values of documents (design 12 §3.8). */

/** A resource of both sets. */
export interface ResourcePair {
  readonly before: ResourceModel;
  readonly after: ResourceModel;
  /** `Project:Resource` in each set. */
  readonly earlier: string;
  readonly owner: string;
  /** Paths of the later set by paths of the earlier set. */
  readonly renamed: (path: string) => string;
}

/** Paths of documents, as the later set names them. */
export interface ContentChanges {
  /** Paths with a table or a column in the earlier set. */
  readonly had: ReadonlySet<string>;
  /** Paths with a table or a column in the later set. */
  readonly has: ReadonlySet<string>;
  /** New paths to which the upgrade gives values, such as copies of the identity of a target. */
  readonly filled: ReadonlySet<string>;
  /** Paths whose values become values of another type. */
  readonly converted: ReadonlySet<string>;
  /** Paths whose values are lost: the later set has no place for them, or no type that they fit. */
  readonly lost: ReadonlySet<string>;
  /** All paths whose values are filled, converted or lost. */
  readonly all: ReadonlySet<string>;
}

/** Finds the changes that the upgrade makes to the values of a resource. */
export function contentChanges(
  { values }: Pick<Comparison, 'values'>,
  { before, after, renamed }: ResourcePair,
): ContentChanges {
  const had = placesOf(before, renamed);
  const has = placesOf(after, (path) => path);
  const filled = new Set<string>();
  const converted = new Set<string>();
  const lost = new Set([...had].filter((path) => !has.has(path)));
  for (const { table, columns } of after.tablesInDependencyOrder)
    for (const { name, sourcePath } of columns) {
      if (sourcePath === null) continue;
      const { canonical: path } = sourcePath;
      const retyped = values.retyped(qualified(table), name);
      if (retyped !== null) (retyped.conversion === null ? lost : converted).add(path);
      else if (!had.has(path) && values.of(qualified(table), name).kind !== 'null') filled.add(path);
    }
  return { had, has, filled, converted, lost, all: new Set([...filled, ...converted, ...lost]) };
}

/** The paths that have a table or a column. */
const placesOf = ({ tablesInDependencyOrder }: ResourceModel, renamed: (path: string) => string): ReadonlySet<string> =>
  new Set(
    tablesInDependencyOrder.flatMap(({ columns, jsonScope }) => [
      renamed(jsonScope.canonical),
      ...columns.flatMap(({ sourcePath }) => (sourcePath === null ? [] : [renamed(sourcePath.canonical)])),
    ]),
  );

/**
 * Whether a value that documents had may be gone: its own values are lost, or it is an object, values inside it are
 * lost, and no remaining value inside it is always present. An array stays while it has items, and it may have been
 * empty.
 */
export function losesAllOf({ lost, had }: ContentChanges, path: string, after: ResourceModel): boolean {
  if (lost.has(path)) return true;
  const inside = (each: string) => (isWithin(each, path) ? each.slice(path.length) : null);
  const isLost = [...lost].some((each) => {
    const rest = each === path ? null : inside(each);
    return rest !== null && !rest.replace(/\[\*\]$/, '').includes('[*]');
  });
  if (!isLost) return false;
  return !after.tablesInDependencyOrder.some(({ columns }) =>
    columns.some(({ sourcePath, isNullable }) => {
      if (sourcePath === null || isNullable || !had.has(sourcePath.canonical)) return false;
      return inside(sourcePath.canonical)?.includes('[*]') === false;
    }),
  );
}
