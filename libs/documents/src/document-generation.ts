import type { ReadingRules } from './reading/reading-rules.ts';
import type { ShapeRules } from './shape/shape-rules.ts';
import type { ValueRules } from './values/value-rules.ts';
import type { DescriptorRules } from './writing/descriptor-rules.ts';
import type { WritingRules } from './writing/writing-rules.ts';

/** The rules of a generation for documents (design 14, 17 §7–8). */
export interface DocumentGeneration {
  readonly shape: ShapeRules;
  readonly reading: ReadingRules;
  readonly writing: WritingRules;
  readonly descriptors: DescriptorRules;
  readonly values: ValueRules;
  /** Whether databases record deletes and changed identities. */
  readonly tracksChanges: boolean;
}
