import { FullNames, modelIndex, type RelationalModelSet } from '@dms/model';
import { type build, equal, shuffledList } from '@dms/testing';

/** The same documents with every `equalityConstraints` reordered, and each constraint in either direction. */
export function shuffledConstraints<Value extends build.Json>(value: Value, random: () => number): Value {
  if (Array.isArray(value))
    return value.map((item) => shuffledConstraints(item as build.Json, random)) as unknown as Value;
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([name, member]) => {
    if (name !== 'equalityConstraints' || !Array.isArray(member)) return [name, shuffledConstraints(member, random)];
    const turned = (member as build.JsonRecord[]).map((constraint) =>
      random() < 0.5
        ? constraint
        : equal(String(constraint.targetJsonPath ?? ''), String(constraint.sourceJsonPath ?? '')),
    );
    return [name, shuffledList(turned, random)];
  });
  return Object.fromEntries(members) as Value;
}

/** The classes, members and gates of every table in full names; both dialects must have the same ones. */
export function unificationFacts(model: RelationalModelSet): string[] {
  const full = new FullNames(model);
  return modelIndex(model)
    .allTables.flatMap(({ table: { table, columns, keyUnificationClasses } }) => {
      const column = (name: string) => full.column(table, name);
      const place = `${full.schema(table.schema)}.${full.table(table)}`;
      const aliases = columns.flatMap(({ name, storage }) => {
        if (storage.kind === 'Stored') return [];
        const gate = storage.presenceColumn === null ? 'none' : column(storage.presenceColumn);
        return [`${place}.${column(name)} = ${column(storage.canonicalColumn)} gate ${gate}`];
      });
      const classes = keyUnificationClasses.map(
        ({ canonicalColumn, memberPathColumns }) =>
          `${place}: ${column(canonicalColumn)} of ${memberPathColumns.map(column).join(', ')}`,
      );
      return [...aliases, ...classes];
    })
    .sort();
}

/** A model as plain values without the fingerprint, which changes with every byte of the input. */
function comparable({ effectiveSchema: _, ...model }: RelationalModelSet): unknown {
  return JSON.parse(JSON.stringify(model));
}

/**
 * A model without the directions of skipped constraints, the only part that may depend on how a constraint is written.
 */
export function withoutSkippedDirection(model: RelationalModelSet): unknown {
  const resources = model.resources.map((resource) => ({
    ...resource,
    keyUnificationDiagnostics: {
      ...resource.keyUnificationDiagnostics,
      skipped: resource.keyUnificationDiagnostics.skipped
        .map(({ sourcePath, targetPath }) => [sourcePath.canonical, targetPath.canonical].sort().join(' '))
        .sort(),
    },
  }));
  return comparable({ ...model, resources } as unknown as RelationalModelSet);
}
