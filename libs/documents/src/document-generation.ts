import type { ReadingRules } from './reading/reading-rules.ts';
import type { DocumentPlans } from './resource-plans.ts';
import type { ShapeRules } from './resource-shape.ts';
import type { IdentityStatements } from './statements/identity-statements.ts';
import type { ValueRules } from './values/ends-of-time.ts';
import type { DescriptorRules } from './writing/descriptor-rules.ts';
import type { WritingRules } from './writing/writing-rules.ts';

/** The rules of a generation for documents (design 14, 17 §7–8). */
export interface DocumentGeneration {
  readonly shape: ShapeRules;
  readonly reading: ReadingRules;
  readonly writing: WritingRules;
  readonly descriptors: DescriptorRules;
  /** How documents are found by their identities. */
  identities(all: DocumentPlans): IdentityStatements;
  readonly values: ValueRules;
  /** Whether databases record deletes and changed identities. */
  readonly tracksChanges: boolean;
}
