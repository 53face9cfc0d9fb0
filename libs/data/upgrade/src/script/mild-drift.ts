import { type CatalogDiff, type CatalogDifference, defineDatabase, type IndexDefinition, partPath } from '@dms/catalog';
import { objectStatements } from '@dms/ddl';
import { qualified } from '@dms/model';
import type { PlainSql } from '@dms/sql';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { dropIndexText } from '../ops/keys.ts';

/** An index of the set that a database lacks, or a right that it should not have, and the statements that mend it. */
interface RepairedObject {
  readonly difference: CatalogDifference;
  readonly statements: readonly PlainSql[];
}

/**
 * Differences between a database and its set that do not stop an upgrade by themselves, sorted by how it treats them
 * (design 12 §7.2): those of warning level, and rights to call functions.
 */
export interface MildDrift {
  /** Foreign objects that do no harm, and stay. */
  readonly kept: readonly CatalogDifference[];
  readonly mended: readonly RepairedObject[];
  /** All other differences, which would remain after the upgrade. */
  readonly refused: readonly CatalogDifference[];
}

/** Sorts the mild differences between a set and its database by how an upgrade treats them. */
export function mildDrift({ model, inventory }: ComparedSet, { differences }: CatalogDiff): MildDrift {
  const mild = differences.filter(({ severity }) => severity === 'warning');
  const ofIndexes = mild.filter(({ object, change }) => object === 'index' && change !== 'extra');
  // an earlier version of the tool left such rights behind, so an upgrade mends them although they are errors
  const ofRights = differences.filter(({ object, field }) => object === 'function' && field === 'publicExecute');
  const mended: RepairedObject[] = [];
  if (ofIndexes.length + ofRights.length > 0) {
    const definition = defineDatabase(model, inventory);
    const render = objectStatements(definition, { routines: new Map(), triggers: new Map(), views: new Map() });
    const tables = new Map(definition.tables.map((table) => [qualified(table), table]));
    const done = new Set<IndexDefinition>();
    for (const difference of ofIndexes) {
      const [key, name] = partPath(difference.path);
      const table = tables.get(key);
      const index = [...(table?.indexes ?? []), ...(table?.modelIndexes ?? [])].find((each) => each.name === name);
      if (table === undefined || index === undefined) continue;
      // an index may differ in several fields
      const isFirst = !done.has(index);
      done.add(index);
      const dropped = difference.change === 'changed' ? [dropIndexText[definition.dialect]({ table, name })] : [];
      mended.push({ difference, statements: isFirst ? [...dropped, render.index(table, index)] : [] });
    }
    const { ownerRole } = definition;
    const closed = new Map<string, PlainSql>(
      ownerRole?.grants.flatMap((grant) =>
        grant.kind === 'function' ? [[`${qualified(grant)}()`, render.closed(ownerRole, grant)] as const] : [],
      ),
    );
    for (const difference of ofRights) {
      const close = closed.get(difference.path[0]);
      if (close !== undefined) mended.push({ difference, statements: [close] });
    }
  }
  const kept = mild.filter(({ change, because }) => change === 'extra' && because === undefined);
  const handled = new Set([...kept, ...mended.map(({ difference }) => difference)]);
  // an extra object may be an object of the set under another name if one of its kind is missing
  const renamed = new Set(
    mild.filter((each) => !handled.has(each) && each.change === 'missing').map(({ object }) => object),
  );
  const strange = kept.filter(({ object }) => renamed.has(object));
  return {
    kept: kept.filter((each) => !strange.includes(each)),
    mended,
    refused: [...mild.filter((each) => !handled.has(each)), ...strange],
  };
}

/** The differences of an upgraded database that matter: all but foreign objects that were there before. */
export function newDrift(
  { differences }: CatalogDiff,
  kept: readonly CatalogDifference[],
): readonly CatalogDifference[] {
  const known = new Set(kept.map(nameOf));
  return differences.filter(
    (each) =>
      each.severity !== 'info' && !(each.severity === 'warning' && each.change === 'extra' && known.has(nameOf(each))),
  );
}

/** The key by which a foreign object is recognized after an upgrade, even if its table has a new name. */
const nameOf = ({ object, path: [owner, ...parts] }: CatalogDifference) => `${object} ${parts.at(-1) ?? owner}`;

/** Whether a database equals a set, except for foreign objects that do no harm. */
export const isMade = ({ differences }: CatalogDiff): boolean =>
  differences.every(({ severity, change }) => severity === 'info' || (severity === 'warning' && change === 'extra'));
