import { buildEffectiveSchema, documentSchemas, isWithin } from '@dms/api-schema';
import { documentPlans, generateDocuments } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { hasSharedData, modelOf, once, readSharedJson } from '@dms/testing';
import { canonicalText, isJsonArray, isJsonObject, type JsonValue, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { outcomeOf, sampled } from '../test/translated.ts';
import { type CompiledTranslation, compileTranslation, placeName, setPlaces, shippedTranslations } from './index.ts';

/*
 * The place in 6.1 of each element of 5.2 with TPDM, from the published migration guides and schemas: the translation
 * of the product carries it there, or drops it by a rule, which the report names. The rows are checked one by one
 * against the rules of the guides, the places of the translation, and the values of generated documents.
 */

interface Fact {
  /** `Project:Resource`, or with a path; a collection has no `[*]` at its end. */
  readonly from: string;
  readonly what: 'resource' | 'descriptor' | 'collection' | 'object' | 'reference' | 'scalar';
  readonly kind: string;
  /** Empty if 6.1 has no place for it. */
  readonly to: readonly string[];
}

/** The fate of the values of an earlier place: the places of 6.1 that they go to, and the rules that drop them. */
interface Fate {
  readonly carried: readonly string[];
  readonly dropped: readonly string[];
}

function fateOf({ rules, resources, newIdentities }: CompiledTranslation, label: string, path: string): Fate {
  const compiled = resources.get(label);
  const carried = new Set<string>();
  const dropped = new Set<string>();
  for (const place of compiled?.places.places.values() ?? []) {
    const isThere = isWithin(place.path, path) || isWithin(place.path, `${path}[*]`);
    const route = place.leaf && isThere ? compiled?.routes.get(place.path) : undefined;
    if (route?.kind === 'carry') carried.add(`${route.resource}.${route.to}`);
    if (route?.kind === 'drop') dropped.add(route.rule);
    if (route?.kind !== 'identity') continue;
    for (const entry of route.entries)
      for (const [to, source] of newIdentities[entry]?.sources ?? [])
        if (source.kind === 'place' && source.from === place.path)
          carried.add(`${rules.translation.documents[entry]?.after}.${to}`);
  }
  return { carried: [...carried], dropped: [...dropped] };
}

/** The values at a path of a document, from all items. */
function valuesAt(value: JsonValue | undefined, [step, ...steps]: readonly string[]): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [value];
  if (!isJsonObject(value)) return [];
  const name = step.replace('[*]', '');
  const member = value.get(name);
  if (name === step) return valuesAt(member, steps);
  return isJsonArray(member ?? null) ? (member as readonly JsonValue[]).flatMap((item) => valuesAt(item, steps)) : [];
}

const stepsOf = (path: string) => path.split('.').slice(1);

/** The text of a value in the later set. */
function laterText({ kind }: Fact, value: JsonValue): string {
  const text = canonicalText(value).toLowerCase().replace('uri://tpdm.ed-fi.org/', 'uri://ed-fi.org/');
  if (kind === 'boolean becomes descriptor')
    return `"uri://ed-fi.org/economicdisadvantagedescriptor#${text === 'true' ? 'yes' : 'no'}"`;
  return kind === 'descriptor becomes text' ? `"${text.slice(text.indexOf('#') + 1)}` : text;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any form
type MigrationFact = any;

/** A path in the notation of rules: a collection ends in `[*]`. */
const itemsOf = (path: string, collections: ReadonlySet<string>) => (collections.has(path) ? `${path}[*]` : path);

describe.skipIf(!hasSharedData)('the facts about 5.2 to 6.1 (needs the shared conformance data)', () => {
  const model = (...files: readonly string[]) => modelOf(files.map((file) => readSharedJson('inputs', file)));
  const earlierModel = once(() => model('ds-5.2-core.json', 'tpdm-1.1-extension.json'));
  const facts: readonly Fact[] = hasSharedData ? readSharedJson('inputs', '5.2-to-6.1', 'moves.json').moves : [];
  const file = 'ds-6.1-core.json';
  const compiled = once(() =>
    compileTranslation(
      [shippedTranslations.get('ed-fi-5.2-to-6.1') ?? {}],
      setPlaces(documentPlans(compileMappingSet(earlierModel()))),
      setPlaces(
        documentPlans(compileMappingSet(model(file))),
        documentSchemas(buildEffectiveSchema([{ file, root: toJsonValue(readSharedJson('inputs', file)) }])),
      ),
    ),
  );
  const complete = (): CompiledTranslation => {
    const { translation } = compiled();
    if (!translation) throw new Error('The translation is not complete.');
    return translation;
  };

  it('are followed, each of them', () => {
    const translation = complete();
    const { rules } = translation;
    const { documents } = rules.translation;
    /** The difference between a fact and the rules; undefined if there is none. */
    const wrong = ({ from, to }: Fact): string | undefined => {
      const { resource, path } = placeName(from) ?? {};
      if (resource == null || path === undefined) return 'is no place';
      const [target] = to;
      if (path === null) {
        const { later, isDropped } = rules.resource(resource);
        if (target === undefined) return isDropped ? undefined : 'is not dropped';
        const becomes = documents.filter((each) => each.resource === resource && each.items === null);
        return (!isDropped && later === target) || becomes.some(({ after }) => after === target)
          ? undefined
          : `becomes ${later}`;
      }
      const { carried, dropped } = fateOf(translation, resource, path);
      if (target === undefined) return carried.length === 0 && dropped.length > 0 ? undefined : `goes to ${carried}`;
      const isFollowed = carried.some(
        (each) => each === target || each.startsWith(`${target}.`) || each.startsWith(`${target}[*]`),
      );
      return isFollowed ? undefined : `goes to ${carried.join(', ') || 'nothing'}, dropped by ${dropped}`;
    };
    const found = facts.flatMap((fact) => {
      const text = wrong(fact);
      return text === undefined ? [] : [`${fact.from} (${fact.kind}) should be ${fact.to}: ${text}`];
    });
    expect(facts.length).toBe(3012);
    expect(found).toEqual([]);
  });

  it('are followed by each value of generated documents, or the report names the place', async () => {
    const translation = complete();
    const given = sampled(generateDocuments(earlierModel(), 1, { random: 1 }));
    const { report, documents } = await outcomeOf(translation, given);
    const byResource = (all: readonly { readonly resource: string; readonly document: JsonValue }[]) => {
      const found = new Map<string, JsonValue[]>();
      for (const { resource, document } of all) {
        const own = found.get(resource) ?? [];
        found.set(resource, own);
        own.push(document);
      }
      return (place: string) => {
        const { resource, path } = placeName(place) ?? {};
        const steps = stepsOf(path ?? '$');
        return (found.get(resource ?? '') ?? []).flatMap((document) => valuesAt(document, steps));
      };
    };
    const [earlier, later] = [byResource(given), byResource(documents)];
    let followed = 0;
    const wrong = facts.flatMap((fact) => {
      const { from, to, what, kind } = fact;
      if (what !== 'scalar' && what !== 'descriptor') return [];
      if (!from.includes('.$.')) return [];
      const values = earlier(from);
      if (values.length === 0) return [];
      followed += 1;
      const { dropped = 0, rejected = 0 } = report.places.get(from) ?? {};
      const there = new Set(to.flatMap((place) => later(place)).map((value) => canonicalText(value).toLowerCase()));
      const missing = values.filter((value) => !there.has(laterText(fact, value))).length;
      const isNamed = kind === 'gone' ? dropped + rejected === values.length : missing <= dropped + rejected;
      return isNamed ? [] : [`${from} → ${to}: ${missing} of ${values.length} missing, ${dropped + rejected} named`];
    });
    expect(wrong).toEqual([]);
    // only few places have no value in generated documents
    expect(followed).toBeGreaterThan(1_500);
  });

  it('have a rule each, as the guides give it', () => {
    const translation = complete();
    const { rules } = translation;
    const { moves, documents, fills, drops, namespaces, through } = rules.translation;
    const { resources } = translation.before;
    const collections = new Set(
      [...resources].flatMap(([label, { places }]) =>
        [...places.keys()].flatMap((path) =>
          path.includes('[*]') ? [`${label}.${path.slice(0, path.lastIndexOf('[*]'))}`] : [],
        ),
      ),
    );
    /** The rows name places of TPDM with the names of the core. */
    const own = (place: string) => {
      const [label = '', path] = place.split('.$');
      const known = resources.has(label) ? label : label.replace('Ed-Fi:', 'TPDM:');
      return path === undefined ? known : `${known}.$${path}`;
    };
    const object = (map: ReadonlyMap<string, unknown>) => Object.fromEntries(map);
    const entries = (list: readonly MigrationFact[] | undefined) =>
      (list ?? []).map(({ resource, on, take }) => ({ resource, where: on, identity: take }));
    const text = ({ resource, path }: { resource: string | null; path: string | null }) => `${resource}.${path}`;
    /** The part of a row that no rule has; null if there is none. */
    const missing = (row: MigrationFact): string | null => {
      const { rule, from, to } = row;
      const named = from === undefined ? undefined : own(from);
      const move = moves.find(({ before }) => text(before) === named || before.resource === named);
      switch (rule) {
        case 'project':
          return moves.some(
            ({ before, after }) => before.resource === null && before.project === from && after.project === to,
          )
            ? null
            : 'no move';
        case 'member': {
          const { resource, path } = placeName(named ?? '') ?? {};
          const { carried } = fateOf(translation, resource ?? '', path ?? '');
          return carried.length > 0 &&
            carried.every((each) => each === to || each.startsWith(`${to}.`) || each.startsWith(`${to}[*]`))
            ? null
            : `goes to ${carried}`;
        }
        case 'part':
        case 'items': {
          const [resource = '', items] = from.split('.$');
          const entry = documents.find(
            (each) =>
              each.resource === resource && each.after === to && (each.items ?? undefined) === (items && `$${items}`),
          );
          if (entry === undefined) return 'no documents';
          const list = typeof entry.through === 'string' ? through.get(entry.through)?.entries : entry.through;
          const found = (list ?? []).map((each) => ({
            resource: each.resource,
            where: object(each.where),
            identity: object(each.identity),
          }));
          if (JSON.stringify(found) !== JSON.stringify(entries(row.through))) return 'another list';
          const members = new Set(entry.members.map(({ before, after }) => `${before} ${after}`));
          const lacking = ((row.members ?? []) as MigrationFact[])
            .map((each) => (typeof each === 'string' ? [each, each] : each))
            .map(([one, other]: [string, string]) => {
              const before = itemsOf(`${resource}.${one}`, collections).slice(resource.length + 1);
              return `${before} ${before.endsWith('[*]') && !other.endsWith('[*]') ? `${other}[*]` : other}`;
            })
            .filter((each) => !members.has(each));
          if (lacking.length > 0) return `lacks ${lacking.join()}, has ${[...members].join()}`;
          if (rule === 'part' && entry.isAlways !== (row.create === 'always')) return 'made at other times';
          for (const [part, source] of Object.entries<string>(row.identity))
            if (part !== source && entry.identity.get(part) !== source) return `another ${part}`;
          return null;
        }
        case 'one':
          return move?.take === (row.more === 'first') && text(move.after) === to ? null : 'another move';
        case 'many':
        case 'reference':
          return move !== undefined && text(move.after) === to ? null : 'another move';
        case 'value': {
          const values = move?.values ? object(move.values) : undefined;
          return JSON.stringify([values, move?.as ?? undefined]) === JSON.stringify([row.values, row.as])
            ? null
            : 'other values';
        }
        case 'fill': {
          const fill = fills.find(({ after }) => text(after) === to);
          const year = row.yearOf === undefined ? null : { of: row.yearOf, begins: row.yearBegins };
          // a year for documents without a date would be invented, so these documents are rejected
          const value = year === null ? row.with : undefined;
          return fill && JSON.stringify([fill.value, fill.schoolYear]) === JSON.stringify([value, year])
            ? null
            : 'another fill';
        }
        case 'refuse':
          return compiled().notes.some(({ code, place }) => code === 'TRANSLATION_REQUIRED' && place.startsWith(row.at))
            ? null
            : 'no note';
        case 'drop':
          return drops.some(
            ({ before }) => text(before) === named || (before.path === null && before.resource === named),
          )
            ? null
            : 'no drop';
        case 'namespace':
          return namespaces.some(({ before, after }) => before === from && after === to) ? null : 'no namespace';
        default:
          return 'another kind of row';
      }
    };
    const rows: readonly MigrationFact[] = readSharedJson('inputs', '5.2-to-6.1', 'carry-rules.json').rules;
    const found = rows.flatMap((row) => {
      const why = missing(row);
      return why === null ? [] : [`${row.rule} ${row.from ?? row.at} → ${row.to}: ${why}`];
    });
    expect(rows.length).toBe(61);
    expect(found).toEqual([]);
  });
});
