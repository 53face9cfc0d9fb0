import { isWithin } from '@dms/api-schema';
import type { DocumentsRule, Drop, Member, Move, Translation } from '../file/translation.ts';
import { mirroredPath, outerPath } from '../places/place-name.ts';
import type { SetPlaces } from '../places/set-places.ts';

/** The rule of a place of the earlier set. */
export type PlaceRule =
  | { readonly kind: 'move'; readonly rule: string; readonly from: string; readonly to: string; readonly move: Move }
  | { readonly kind: 'drop'; readonly rule: string; readonly from: string }
  /** The place goes to a document that an entry of `documents` makes. */
  | {
      readonly kind: 'documents';
      readonly rule: string;
      readonly from: string;
      readonly to: string;
      readonly entry: number;
      readonly member: Member | null;
    };

/** The later name of a resource of the earlier set, and the rule that gives it. */
interface ResourceRule {
  readonly rule: string;
  readonly later: string;
  readonly isDropped: boolean;
}

export const unchangedRule = 'unchanged';

/** The rules of a translation by place of the earlier set: the innermost rule applies (design 20 §2). */
export class RuleIndex {
  readonly translation: Translation;
  private readonly before: SetPlaces;
  private readonly after: SetPlaces;
  private readonly projects = new Map<string, Move>();
  private readonly resources = new Map<string, Move | Drop>();
  private readonly places = new Map<string, Map<string, PlaceRule>>();
  private readonly entries = new Map<string, { readonly entry: number; readonly documents: DocumentsRule }[]>();

  constructor(translation: Translation, before: SetPlaces, after: SetPlaces) {
    this.translation = translation;
    this.before = before;
    this.after = after;
    for (const move of translation.moves) {
      const { before: from, after: to, rule } = move;
      if (from.resource === null) this.projects.set(from.project, move);
      else if (from.path === null) this.resources.set(from.resource, move);
      else if (to.path !== null) this.add(from.resource, { kind: 'move', rule, from: from.path, to: to.path, move });
    }
    translation.documents.forEach((documents, entry) => {
      const { resource, items, members, rule } = documents;
      const own = this.entries.get(resource) ?? [];
      own.push({ entry, documents });
      this.entries.set(resource, own);
      if (items !== null) this.add(resource, { kind: 'documents', rule, from: items, to: '$', entry, member: null });
      for (const member of members)
        this.add(resource, { kind: 'documents', rule, from: member.before, to: member.after, entry, member });
    });
    for (const drop of translation.drops) {
      const { before: from, rule } = drop;
      if (from.resource === null) continue;
      if (from.path === null) this.resources.set(from.resource, drop);
      else this.add(from.resource, { kind: 'drop', rule, from: from.path });
    }
  }

  private add(resource: string, rule: PlaceRule): void {
    const own = this.places.get(resource) ?? new Map<string, PlaceRule>();
    this.places.set(resource, own.set(rule.from, rule));
  }

  /** The entries of `documents` that make documents of a resource. */
  entriesOf(resource: string): readonly { readonly entry: number; readonly documents: DocumentsRule }[] {
    return this.entries.get(resource) ?? [];
  }

  hasRules(resource: string): boolean {
    return this.places.has(resource) || this.entries.has(resource);
  }

  project(name: string): { readonly name: string; readonly rule: string | null } {
    const move = this.projects.get(name);
    return move ? { name: move.after.project, rule: move.rule } : { name, rule: null };
  }

  resource(label: string): ResourceRule {
    const project = label.slice(0, label.indexOf(':'));
    const own = this.resources.get(label);
    const { name, rule } = this.project(project);
    const later = `${name}${label.slice(project.length)}`;
    if (own === undefined) return { rule: rule ?? unchangedRule, later, isDropped: false };
    if ('after' in own) return { rule: own.rule, later: own.after.resource ?? later, isDropped: false };
    return { rule: own.rule, later, isDropped: true };
  }

  /**
   * The innermost rule for a place or an object around it; undefined if there is none. The parts that an extension adds
   * to the items of a collection move with them.
   */
  placeRule(resource: string, path: string): PlaceRule | undefined {
    const own = this.places.get(resource);
    if (!own) return undefined;
    for (let at: string | undefined = path; at !== undefined && at !== '$'; at = outerPath(at)) {
      const rule = own.get(at);
      if (rule) return rule;
    }
    const mirrored = mirroredPath(path);
    const rule = mirrored && this.placeRule(resource, mirrored.own);
    return rule?.kind === 'move' ? rule : undefined;
  }

  /** A path with the `_ext` members of the later projects, in the documents of a later resource (design 20 §2.2). */
  laterExtension(path: string, laterResource: string): string {
    const owner = laterResource.slice(0, laterResource.indexOf(':'));
    return path.replace(/\._ext\.([^.[]+)/g, (whole, key: string) => {
      const project = this.before.extensionProjects.get(key);
      if (project === undefined) return whole;
      const { name, rule } = this.project(project);
      // a project that stays may have another endpoint name
      return rule !== null && name === owner ? '' : `._ext.${this.after.extensionKeys.get(name) ?? key}`;
    });
  }

  /** The rule that moves the project of the extension on a path; null if none does. */
  extensionRule(path: string): string | null {
    let found: string | null = null;
    for (const [, key = ''] of path.matchAll(/\._ext\.([^.[]+)/g)) {
      const project = this.before.extensionProjects.get(key);
      if (project !== undefined) found = this.project(project).rule ?? found;
    }
    return found;
  }

  /** The later path of a place of a resource. Null if the place is dropped. */
  laterPath(
    resource: string,
    path: string,
  ): { readonly path: string; readonly entry: number | null; readonly rule: PlaceRule | undefined } | null {
    const rule = this.placeRule(resource, path);
    if (rule?.kind === 'drop') return null;
    const later = this.laterResource(resource, rule);
    if (!rule) return { path: this.laterExtension(path, later), entry: null, rule };
    const renamed = (own: string) => rule.to + this.laterExtension(own.slice(rule.from.length), later);
    const entry = rule.kind === 'documents' ? rule.entry : null;
    const mirrored = isWithin(path, rule.from) ? undefined : mirroredPath(path);
    if (!mirrored) return { path: renamed(path), entry, rule };
    const [extension, added] = [mirrored.extension, mirrored.added].map((part) => this.laterExtension(part, later));
    return { path: `${extension}${renamed(mirrored.own).slice(1)}${added}`, entry, rule };
  }

  /** The resource of the documents to which a rule carries values. */
  laterResource(resource: string, rule: PlaceRule | undefined): string {
    if (rule?.kind !== 'documents') return this.resource(resource).later;
    return this.translation.documents[rule.entry]?.after ?? '';
  }
}
