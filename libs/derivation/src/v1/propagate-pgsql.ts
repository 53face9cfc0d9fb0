import { cascadeAll } from '../propagation/cascade-candidates.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { identityMutableResources } from './identity-mutable.ts';

/** PostgreSQL (design 11 §2). */
export const propagatePgsql: PropagationPolicy = (draft) => cascadeAll(draft, identityMutableResources(draft), true);
