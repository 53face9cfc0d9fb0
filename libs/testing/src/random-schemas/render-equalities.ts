import { lastName } from './numbered-names.ts';
import type { SchemaDraft, ValueDraft } from './schema-drafts.ts';
import { chosen, type SchemaSetDraft } from './schema-set-draft.ts';
import type { EqualityPlan } from './schema-set-plan.ts';

/** Adds the planned equality constraints, as far as they are legal; only pairs with a value below `prefix`. */
export function addEqualities(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  plans: readonly EqualityPlan[],
  prefix: string,
): void {
  const { resource } = schema;
  const add = (source: string, target: string) =>
    schema.equalities.push({ sourceJsonPath: source, targetJsonPath: target });
  const pairs = (fits: (a: ValueDraft, b: ValueDraft) => boolean) =>
    resource.values.flatMap((a, index) =>
      resource.values
        .slice(index + 1)
        .filter((b) => (a.path.startsWith(prefix) || b.path.startsWith(prefix)) && fits(a, b))
        .map((b) => [a.path, b.path] as const),
    );
  const isOneRow = (a: ValueDraft, b: ValueDraft) => a.scope === b.scope && a.type.text === b.type.text;
  for (const { kind, pick } of plans) {
    const related = kind < 2 ? pairs((a, b) => isOneRow(a, b) && lastName(a.path) === lastName(b.path)) : [];
    const candidates =
      kind === 4 ? pairs((a, b) => a.scope !== b.scope) : related.length > 0 ? related : pairs(isOneRow);
    const own = resource.values.filter(({ path }) => path.startsWith(prefix));
    if (kind === 5) add(`$.lost${set.names.next()}`, own[0]?.path ?? '$.nowhere');
    else if (kind === 6) {
      const value = chosen(own, pick);
      if (value) add(value.path, value.path);
    } else {
      const pair = chosen(candidates, pick);
      if (!pair) continue;
      const [a, b] = pick % 2 === 0 ? pair : [pair[1], pair[0]];
      if (kind === 4 || resource.tryJoin(a, b)) add(a, b);
    }
  }
}
