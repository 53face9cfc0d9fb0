import type { CoreTrigger, RoutineDefinition, TableDefinition, Trigger, ViewDefinition } from '@dms/catalog';
import type {
  AbstractIdentityTrigger,
  AuthHierarchyTrigger,
  DocumentStampingTrigger,
  IdentityPropagationTrigger,
  ReferentialIdentityTrigger,
} from '@dms/inventory';
import type { TableLookup, TriggerSource } from './trigger-source.ts';

/** The parts of the text of identity values that differ between generations (design 07 §9.2, 16 §6.4). */
export interface IdentityTexts {
  /** The text of a date. */
  date(value: string): string;
  /** The text of a time of day. */
  time(value: string): string;
  /** The text of a date with time, in UTC and whole seconds. */
  dateTime(value: string): string;
}

/** The bodies of a dialect that differ between generations, as lines of text. */
export interface GenerationBodies {
  coreTrigger(trigger: CoreTrigger, events: Trigger['events']): string[];
  documentStamping(source: TriggerSource<DocumentStampingTrigger>): string[];
  referentialIdentity(source: TriggerSource<ReferentialIdentityTrigger>): string[];
  abstractIdentity(source: TriggerSource<AbstractIdentityTrigger>): string[];
  authHierarchy(source: TriggerSource<AuthHierarchyTrigger>): string[];
  identityPropagation(source: TriggerSource<IdentityPropagationTrigger>): string[];
  /**
   * A function that is not the body of a trigger, in the form that the engine keeps when everything is installed
   * normally.
   */
  routine(kind: RoutineDefinition['kind']): string[];
  readonly identityTexts: IdentityTexts;
}

/** The lines of every body of a dialect (design 06 §5, 07 §7, §9). */
export interface BodyRenderer extends GenerationBodies {
  /** The part of a trigger with this body that the engine keeps; its hash is in the catalog (design 09 §3.5). */
  triggerText(table: TableDefinition, events: Trigger['events'], body: readonly string[]): readonly string[];
  view(view: ViewDefinition, tables: TableLookup): string[];
}
