import { cascadeAll } from '../propagation/cascade-candidates.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { transitivelyMutableResources } from './identity-mutable.ts';

/**
 * PostgreSQL (design 15 §9.2): every candidate cascades. A key with which a document can refer to itself is deferred by the trigger of the
 * document's root, so that the statement that deletes a document in use is refused (design 16 §8.1).
 */
export const propagatePgsql: PropagationPolicy = (draft) =>
  cascadeAll(draft, transitivelyMutableResources(draft), 'InitiallyImmediate');
