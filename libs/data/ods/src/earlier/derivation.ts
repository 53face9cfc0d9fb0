import type { CompiledResource, CompiledTranslation, RuleIndex } from '@dms/translation';
import { type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import type { LossReason, NotGivenBack } from './earlier-mapping.ts';
import { LaterTables } from './later-tables.ts';

/** The inputs of a derivation, and the losses that it finds. */
export class Derivation {
  readonly before: OdsMapping;
  readonly earlier: LaterTables;
  readonly later: LaterTables;
  readonly translation: CompiledTranslation;
  readonly rules: RuleIndex;
  private readonly found = new Map<string, NotGivenBack & { readonly tables: string[] }>();

  constructor(before: OdsMapping, after: OdsMapping, translation: CompiledTranslation) {
    this.before = before;
    this.earlier = new LaterTables(before, translation.before);
    this.later = new LaterTables(after, translation.after);
    this.translation = translation;
    this.rules = translation.rules;
  }

  resource(label: string): CompiledResource | undefined {
    return this.translation.resources.get(label);
  }

  /** Whether a resource has its own documents in the later set. */
  hasOwn(label: string): boolean {
    return this.resource(label)?.hasOwn ?? false;
  }

  /** Records a loss; one entry for a place and a reason. */
  lose(
    place: string,
    reason: LossReason,
    rule: string,
    tables: readonly OdsTable[],
    more: Pick<NotGivenBack, 'also' | 'values' | 'descriptor'> = {},
  ): void {
    const key = `${place} ${reason}`;
    const entry = this.found.get(key) ?? { place, reason, rule, ...more, tables: [] };
    this.found.set(key, entry);
    for (const table of tables) if (!entry.tables.includes(tableLabel(table))) entry.tables.push(tableLabel(table));
  }

  /** The losses by place, ordinally, then by reason. */
  losses(): readonly NotGivenBack[] {
    const key = ({ place, reason }: NotGivenBack) => `${place} ${reason}`;
    return [...this.found.values()]
      .map((each) => ({ ...each, tables: [...each.tables].sort() }))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}
