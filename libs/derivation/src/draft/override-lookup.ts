import type { JsonPath } from '@dms/api-schema';
import type { NameOverride, NameOverrides, OverrideKind } from '../input/name-overrides.ts';

/**
 * Looks up name overrides in several resources; the first match wins (design 03 §4.4). It records which overrides were
 * found.
 */
export class OverrideLookup {
  private readonly sources: readonly NameOverrides[];
  private readonly used: Set<NameOverride>;

  constructor(sources: readonly NameOverrides[], used: Set<NameOverride>) {
    this.sources = sources;
    this.used = used;
  }

  /** The override at exactly this path and of this kind. */
  find(kind: OverrideKind, path: JsonPath): string | undefined {
    for (const { byPath } of this.sources) {
      const override = byPath.get(path.canonical);
      if (override?.kind !== kind) continue;
      this.used.add(override);
      return override.name;
    }
    return undefined;
  }
}
