import { cascadeAll } from '../propagation/cascade-candidates.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { transitivelyMutableResources } from './identity-mutable.ts';

/** PostgreSQL (design 15 §9.2): every candidate cascades. */
export const propagatePgsql: PropagationPolicy = (draft) => cascadeAll(draft, transitivelyMutableResources(draft));
