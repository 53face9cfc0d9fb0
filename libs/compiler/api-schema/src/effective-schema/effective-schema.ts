import { compareBy, type JsonObject } from '@dms/values';
import type { MappingVersion } from '../mapping-version.ts';

/** One project of the set with its stripped `projectSchema`; immutable (design 01 §8). */
export interface EffectiveProject {
  readonly projectEndpointName: string;
  readonly projectName: string;
  readonly projectVersion: string;
  readonly isExtensionProject: boolean;
  readonly projectSchema: JsonObject;
}

export interface SchemaComponent {
  readonly projectEndpointName: string;
  readonly projectName: string;
  readonly projectVersion: string;
  readonly isExtensionProject: boolean;
  /** SHA-256 of the canonical form of the stripped project schema: 64 lower-case hex digits. */
  readonly projectHash: string;
}

/** A numbered resource: concrete (descriptors included) or abstract. Resource extensions have no number. */
export interface ResourceKeyEntry {
  readonly id: number;
  readonly projectName: string;
  readonly resourceName: string;
  readonly resourceVersion: string;
  readonly isAbstract: boolean;
}

export interface EffectiveSchemaInfo {
  readonly apiSchemaFormatVersion: string;
  /** The generation. Files and fingerprints have its fingerprint version. */
  readonly relationalMappingVersion: MappingVersion;
  /** 64 lower-case hex digits. */
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
  /** 32 bytes. */
  readonly resourceKeySeedHash: Uint8Array;
  /** Ordered by endpoint name, one per project. */
  readonly schemaComponents: readonly SchemaComponent[];
  /** Ordered by id, 1…n. */
  readonly resourceKeys: readonly ResourceKeyEntry[];
}

/** The input of every later step: fingerprints, numbered resources and the projects by endpoint name (design 01 §8). */
export interface EffectiveSchemaSet {
  readonly info: EffectiveSchemaInfo;
  readonly projects: readonly EffectiveProject[];
}

/** `ProjectName:ResourceName`: the name of a resource in every message. */
export function resourceLabel(name: { readonly projectName: string; readonly resourceName: string }): string {
  return `${name.projectName}:${name.resourceName}`;
}

/** The name of the resource with this label. Without a colon, its project is empty. */
export function labelledResource(label: string): { readonly projectName: string; readonly resourceName: string } {
  const colon = label.indexOf(':');
  return { projectName: label.slice(0, Math.max(colon, 0)), resourceName: label.slice(colon + 1) };
}

/** The order of resources in passes and in every artifact: by project name, then resource name (design 01 §7.2). */
export function byResource<Item>(
  nameOf: (item: Item) => { readonly projectName: string; readonly resourceName: string },
): (a: Item, b: Item) => number {
  return compareBy<Item>(
    (item) => nameOf(item).projectName,
    (item) => nameOf(item).resourceName,
  );
}

/** Options for making a set from its documents. */
export interface EffectiveSchemaOptions {
  /** Whether exactly one file must be a core; true by default. */
  readonly requireSingleCore?: boolean;
  /** Default: `defaultMappingVersion`. */
  readonly mappingVersion?: MappingVersion;
}
