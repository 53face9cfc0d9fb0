import type { JsonPath } from '@dms/api-schema';
import type * as inventory from '@dms/inventory';
import type * as model from '@dms/model';

/** A value in the form of a file: JSON paths are texts. */
export type Plain<Value> = Value extends string
  ? Value
  : Value extends JsonPath
    ? string
    : Value extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : Value extends object
        ? { readonly [Name in keyof Value]: Plain<Value[Name]> }
        : Value;

/** Converts a value to the form of a file. */
export function plain<Value>(value: Value): Plain<Value> {
  return JSON.parse(JSON.stringify(value)) as Plain<Value>;
}

export type AbstractIdentityTable = Plain<model.AbstractIdentityTable>;
export type AbstractUnionView = Plain<model.AbstractUnionView>;
export type Column = Plain<model.Column>;
export type DescriptorEdgeSource = Plain<model.DescriptorEdgeSource>;
export type DocumentReferenceBinding = Plain<model.DocumentReferenceBinding>;
export type ResourceModel = Plain<model.ResourceModel>;
export type Table = Plain<model.Table>;
export type DbIndex = Plain<inventory.DbIndex>;
export type DbTrigger = Plain<inventory.DbTrigger>;
export type DocumentStampingTrigger = Plain<inventory.DocumentStampingTrigger>;
export type TrackedChangeTable = Plain<inventory.TrackedChangeTable>;
export type IdentityBlock = Plain<model.IdentityBlock>;
export type AbstractIdentityTrigger = Plain<inventory.AbstractIdentityTrigger>;
export type AuthHierarchyTrigger = Plain<inventory.AuthHierarchyTrigger>;
export type IdentityPropagationTrigger = Plain<inventory.IdentityPropagationTrigger>;
export type Inventory = Plain<inventory.Inventory>;
/** The model without its list of resource keys, because each resource has its key. */
export type ExploredModel = Plain<Omit<model.RelationalModelSet, 'effectiveSchema'>>;
