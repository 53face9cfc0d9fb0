import type { TableDefinition, Trigger, ViewDefinition } from '@dms/catalog';
import type {
  AbstractIdentityTrigger,
  AuthHierarchyTrigger,
  DocumentStampingTrigger,
  IdentityPropagationTrigger,
  ReferentialIdentityTrigger,
} from '@dms/inventory';
import type { TableLookup, TriggerSource } from './trigger-source.ts';

/** The lines of every body of a dialect (design 06 §5, 07 §7, §9). Throws the `DDL_*` codes. */
export interface BodyRenderer {
  documentJournal(): string[];
  documentStamping(source: TriggerSource<DocumentStampingTrigger>): string[];
  referentialIdentity(source: TriggerSource<ReferentialIdentityTrigger>): string[];
  abstractIdentity(source: TriggerSource<AbstractIdentityTrigger>): string[];
  identityPropagation(source: TriggerSource<IdentityPropagationTrigger>): string[];
  authHierarchy(source: TriggerSource<AuthHierarchyTrigger>): string[];
  /** What the engine keeps of a trigger with this body, and the catalog has the hash of (design 09 §3.5). */
  triggerText(table: TableDefinition, events: Trigger['events'], body: readonly string[]): readonly string[];
  view(view: ViewDefinition, tables: TableLookup): string[];
  /** `dms.uuidv5` as the engine keeps it where everything is installed as usual. */
  uuidFunction(): string[];
}
