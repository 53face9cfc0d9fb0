import type { CompiledResource, CompiledTranslation, RuleIndex } from '@dms/translation';
import { type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import type { LossReason, NotGivenBack } from './earlier-mapping.ts';
import { LaterTables } from './later-tables.ts';

/** What a derivation works with, and what it finds that cannot come back. */
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

  /** Whether a resource has documents of its own later. */
  hasOwn(label: string): boolean {
    return this.resource(label)?.hasOwn ?? false;
  }

  /** Notes what cannot come back; one entry for a place and a reason. */
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

  /** By place, ordinally, then by reason. */
  losses(): readonly NotGivenBack[] {
    const key = ({ place, reason }: NotGivenBack) => `${place} ${reason}`;
    return [...this.found.values()]
      .map((each) => ({ ...each, tables: [...each.tables].sort() }))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}
