import { fail } from '@dms/diagnostics';
import { type MappingSet, type MappingSetKey, mappingSetKeyText } from './mapping-set.ts';

export interface MappingSetCacheOptions {
  /** How long later callers get an earlier failure; 0 means that the next call compiles again. */
  readonly failureCooldownSeconds?: number;
  readonly now?: () => number;
}

/**
 * Compiles a mapping set once per key (design 08 §9.3): concurrent callers wait for the same work, a success is kept for the
 * life of the process, and all waiters get a failure, which is forgotten at once or after the cool-down.
 */
export class MappingSetCache {
  private readonly entries = new Map<string, Promise<MappingSet>>();
  private readonly failures = new Map<string, { readonly error: unknown; readonly until: number }>();
  private readonly cooldown: number;
  private readonly now: () => number;

  constructor({ failureCooldownSeconds = 0, now = Date.now }: MappingSetCacheOptions = {}) {
    if (failureCooldownSeconds < 0) throw new RangeError('failureCooldownSeconds must not be negative');
    this.cooldown = failureCooldownSeconds * 1000;
    this.now = now;
  }

  /** The mapping set of `key`; `compile` runs only if it is not cached. A result with another key is `MAPPING_KEY_MISMATCH`. */
  async get(key: MappingSetKey, compile: () => MappingSet | Promise<MappingSet>): Promise<MappingSet> {
    const text = mappingSetKeyText(key);
    const failure = this.failures.get(text);
    if (failure) {
      if (this.now() < failure.until) throw failure.error;
      this.failures.delete(text);
    }
    const known = this.entries.get(text);
    if (known) return known;
    const work = (async () => {
      const mappingSet = await compile();
      const found = mappingSetKeyText(mappingSet.key);
      if (found !== text)
        fail('MAPPING_KEY_MISMATCH', `The schema gives the mapping set ${found}, not ${text}.`, {}, { expected: text, found });
      return mappingSet;
    })();
    this.entries.set(text, work);
    try {
      return await work;
    } catch (error) {
      this.entries.delete(text);
      if (this.cooldown > 0) this.failures.set(text, { error, until: this.now() + this.cooldown });
      throw error;
    }
  }
}
