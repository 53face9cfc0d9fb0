import { fail } from '@dms/diagnostics';
import type { IdentityPropagationTrigger } from '@dms/inventory';
import type { TriggerSource } from './trigger-source.ts';

/**
 * Throws for a propagation trigger in a dialect where every key cascades or refuses (design 11 §3, 16 §8):
 * `DDL_PROPAGATION_DIALECT`.
 */
export function noIdentityPropagation({
  trigger: { name },
  dialect,
}: TriggerSource<IdentityPropagationTrigger>): never {
  return fail(
    'DDL_PROPAGATION_DIALECT',
    `The ${dialect} model has the propagation trigger ${name}.`,
    {},
    { trigger: name },
  );
}
