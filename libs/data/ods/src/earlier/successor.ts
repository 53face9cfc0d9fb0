import { resourceLabel } from '@dms/api-schema';
import type { LaterValue, Part } from '@dms/translation';
import type { Derivation } from './derivation.ts';
import type { EarlierCondition } from './earlier-mapping.ts';
import { placeOf } from './earlier-values.ts';
import { columnOf, Side } from './later-side.ts';
import { columnAt, type TableOfResource, type WantedContent } from './later-tables.ts';
import type { EarlierRowPlace, RowsToSelect } from './row-places.ts';

/** The contents of columns by which rows are joined, the nearest to a key first. */
export const joinedContents: readonly WantedContent[] = ['usi', 'descriptor', 'value'];

/** A place of a new document whose value its identity took from the earlier document. */
interface TakenPlace {
  readonly to: string;
  readonly from: string;
  readonly conversion: LaterValue;
}

/** The places that the identity of new documents took from the earlier document; none for the own documents. */
export const takenPlaces = ({ translation }: Derivation, part: Part): readonly TakenPlace[] =>
  [...((part === 'own' ? undefined : translation.newIdentities[part])?.sources ?? [])].flatMap(([to, source]) =>
    source.kind === 'place' ? [{ to, from: source.from, conversion: source.conversion }] : [],
  );

/**
 * Whether the keys of an earlier table come from the new documents alone: each place that their identity took is a member
 * of a reference with the same target in both sets, or of a reference to the successor.
 */
export function standsAlone({ derivation, label, labels }: RowsToSelect, place: EarlierRowPlace): boolean {
  const { rules, translation } = derivation;
  const { before, after } = translation;
  const successor = rules.resource(label).later;
  const superclass = after.resources.get(successor)?.superclass ?? null;
  const siblings = [...after.resources.values()].filter((each) => each.superclass === superclass);
  const hasAll = superclass !== null && siblings.every((each) => labels.has(each.label));
  return takenPlaces(derivation, place.part).every(({ to, from }) => {
    const member = placeOf(after, place.label, to);
    if (member?.kind !== 'member' || member.referencePath === null) return false;
    const target = placeOf(after, place.label, member.referencePath)?.target;
    if (target === successor || (hasAll && target === superclass)) return true;
    const earlier = placeOf(before, label, from);
    if (earlier?.kind !== 'member' || earlier.referencePath === null) return false;
    const earlierTarget = placeOf(before, label, earlier.referencePath)?.target ?? null;
    return earlierTarget !== null && rules.resource(earlierTarget).later === target;
  });
}

/** The row of the successor beside that of a new document. */
export interface JoinedSuccessor {
  readonly side: Side;
  /** The columns of the new document's row that are equal to those of the successor. */
  readonly equal: readonly string[];
  readonly where: readonly EarlierCondition[];
}

/** Joins the row of the successor by the values that the new document's identity took from it; null if there are none. */
export function joinedSuccessor(wanted: RowsToSelect, place: EarlierRowPlace, document: Side): JoinedSuccessor | null {
  const name = wanted.derivation.rules.resource(wanted.label).later;
  const row = wanted.rootOf(name);
  const pairs = row ? equalColumns(wanted, place.part, row, document.row) : [];
  if (!row || pairs.length === 0) return null;
  const on = pairs.map(({ there, here }) => ({ column: there, value: columnOf(document.alias, here) }));
  const side = new Side(document.select, name, row, document.select.join('inner', row, on));
  return { side, equal: pairs.map(({ here }) => here), where: resourcesOnly(wanted, side) };
}

/** Pairs the columns of the successor and of a new document that are equal, because an identity took their values. */
function equalColumns(
  { derivation, label }: RowsToSelect,
  part: Part,
  successor: TableOfResource,
  document: TableOfResource,
) {
  return takenPlaces(derivation, part).flatMap(({ to, from }) => {
    const route = derivation.routeOf(label, from);
    if (route?.part !== 'own') return [];
    for (const content of joinedContents) {
      const there = columnAt(successor, route.to, content);
      const here = columnAt(document, to, content);
      if (there && here) return [{ there: there.name, here: here.name }];
    }
    return [];
  });
}

/** The condition that a row is of one of the resources of a select, if its table has rows of others too. */
export function resourcesOnly(
  { derivation: { later }, labels }: RowsToSelect,
  side: Side,
): readonly EarlierCondition[] {
  if (side.row.table.sources.every(({ resource }) => labels.has(resourceLabel(resource)))) return [];
  const base = later.base(side.label);
  const alias = base && side.aliasOf(base);
  if (alias === undefined) return [];
  const texts = [...labels].map((each) => later.discriminator(each)).sort();
  return [{ kind: 'oneOf', value: columnOf(alias, 'Discriminator'), texts }];
}
