/** The reason why a mutant survives, for a pattern of its kind and its change. */
type Explanation = readonly [pattern: RegExp, why: string];

/** Changes after which a database holds the same rows and refuses the same statements. */
const equivalent: readonly Explanation[] = [
  [
    /^\S+: (?:an order|a lock) is missing \|/,
    'locks and their order change no row; S19 and the specs of two sessions test locks',
  ],
  [
    /^\S+: rows repeat or not \| .*(?:SELECT DISTINCT|EXCEPT ALL|UNION)/,
    'a list of ids, or rows with a key, in which repeated rows change nothing',
  ],
  [
    /^authorization view: rows repeat or not \| auth\.EducationOrganizationIdTo(?:Contact\w+IncludingDeletes line [38]|Staff\w+IncludingDeletes line 3): UNION > UNION ALL$/,
    'a UNION after it takes away the repeated rows of all arms before it',
  ],
  [/^union view: rows repeat or not \|/, 'a document is in one member of an abstract resource, so no row repeats'],
  [
    /^(?:ReferentialIdentity|AbstractIdentity|AuthHierarchy)Maintenance: (?:a condition is (?:true|false)|another text|another comparison) \| .* IF TG_OP/,
    'a row that follows from others is computed again, with the same result',
  ],
  [
    /^(?:ReferentialIdentity|AbstractIdentity|AuthHierarchy)Maintenance: a condition is false \| .* IF OLD\./,
    'a row that follows from others is computed again, with the same result',
  ],
  [
    /^(?:ReferentialIdentity|AbstractIdentity|AuthHierarchy)Maintenance: another comparison \| .* OLD\.("\w+") IS NOT DISTINCT FROM NEW\.\1.* > .* OLD\.\1 = NEW\.\1/,
    'a comparison that sees more changes: what follows is computed again',
  ],
  [
    /^(?:ReferentialIdentity|AuthHierarchy)Maintenance: a condition is false \| .* IF pg_catalog\.cardinality/,
    'a row that follows from others is computed again, with the same result',
  ],
  [
    /^ReferentialIdentityMaintenance: an arm is missing \| .*EXCEPT ALL/,
    'a comparison that sees more changes: ids are computed again',
  ],
  [
    /^AuthHierarchyMaintenance: an arm is missing \| .*EXCEPT ALL/,
    'a comparison that sees more changes: the closure is computed again',
  ],
  [
    /^AuthHierarchyMaintenance: (?:an arm is missing|one of several rows) \| .*_AuthHierarchy_(?:Insert|Delete) .*(?:UNION|unnest\(changed|= ANY \(changed\))/,
    'an organization is its own ancestor, so either arm names it; nothing stands below a new or deleted one, and only some kinds above it',
  ],
  [
    /^AuthHierarchyMaintenance: only the first \d+ of many rows \| .*(?:_AuthHierarchy_(?:Insert|Delete) .*(?:unnest\(changed|= ANY \(changed\))|(?:old_rows AS o|new_rows AS n) >)/,
    'either arm names a new or deleted organization; a comparison that sees more changes computes the closure again',
  ],
  [
    /^ReferentialIdentityMaintenance: only the first \d+ of many rows \| .*old_rows AS o >/,
    'a comparison that sees more changes: ids are computed again',
  ],
  [
    /^AuthHierarchyMaintenance: a conflict \|/,
    'a new or deleted organization has no rows with which others could conflict',
  ],
  [
    /^AuthHierarchyMaintenance: (?:the first part of a condition|a part of a condition) is missing \| .*(?:EXISTS|_AuthHierarchy_(?:Insert|Delete) .*NOT IN)/,
    'no organization of that kind stands below, and a new one has no ancestors to lose',
  ],
  [
    /^DocumentStamping: (?:a condition is true|another comparison) \| .*(?:IF pg_catalog\.cardinality\(\w+\) > 0|ELSIF pg_catalog\.cardinality\(documents\) > 1)/,
    'an update of no documents changes no row, and a branch for one stands before that for several',
  ],
  [
    /^DocumentStamping: a condition is false \| .*IF first IS NULL THEN/,
    'without documents the branch for several ends too: it finds none of them',
  ],
  [
    /^AuthHierarchyMaintenance: one of several rows \| \w+\.School .*= ANY \(changed\)/,
    'no organization stands below a school, and the school itself is named beside',
  ],
  [
    /^DocumentStamping: (?:a condition is false|another comparison|another number) \| .*IF pg_catalog\.cardinality\(documents\) = 0/,
    'a key makes sure that the root rows of all these documents exist',
  ],
  [
    /^AuthHierarchyMaintenance: another comparison \| .*_AuthHierarchy_Delete line \d+: .*\be\./,
    'nothing stands below an organization that can be deleted',
  ],
  [
    /^DocumentStamping: [^|]+ \| .* IF documents IS NOT NULL >|^DocumentStamping: [^|]+ \| .* documents := .*dms\.deleted_|^DocumentStamping: [^|]+ \| .*set_config\('dms\.deleted_.* '', true\); >/,
    'a key that does not wait is set so once more, or the trigger of another table with such a key sets it',
  ],
  [
    /^DocumentStamping: [^|]+ \| .*EXISTS \(SELECT 1 FROM \S+ AS r WHERE r\.("\w+") = OLD\."DocumentId" AND r\."\w+" = OLD\."DocumentId"\)/,
    'a row directly below its root goes before the key is checked if its own key was made first; a key that waits in vain is set back',
  ],
  [
    /^DocumentStamping: one of several rows \| (\w+)\.(\w+) .*EXISTS \(SELECT 1 FROM "\1"\."\2" AS r WHERE r\."\w+" = documents\[pg_catalog\.cardinality/,
    'documents wait in the order in which their rows go, so the last one tells whether a row is left',
  ],
  [
    /^DocumentStamping: another comparison \| .* WHERE t\."DocumentId" = ANY \(documents\); > WHERE t\."DocumentId" <> ANY/,
    'all root rows repeat the stamps of their documents, so rows of others are written as they are',
  ],
  [/^DocumentStamping: a condition is true \| .*IF FOUND THEN/, 'a key makes sure that the document exists'],
  [
    /^\w+: (?:the first part of a condition is missing|(?:old|new) instead of (?:new|old)|another comparison) \| .*OLD\."DocumentId" IS NOT DISTINCT FROM/,
    'a row keeps its document id unless its identity changes too',
  ],
  [
    /^DocumentStamping: another result \| .*RETURN NEW; > RETURN (?:NULL|OLD);/,
    'an update that changes nothing may as well not write the row, or write the old one',
  ],
  [
    /^DocumentStamping: (?:two values are swapped \| .* OLD\."DocumentId", > NEW\."DocumentId",|old instead of new \| .* NEW\."DocumentId", > OLD\."DocumentId",)$/,
    'a change of a key is recorded only if old and new row have the same document id',
  ],
  [
    /^DocumentStamping: two values are swapped \| .* "\w+"\."FK_\w+", > "\w+"\."FK_\w+",$/,
    'the order in which SET CONSTRAINTS names keys has no effect',
  ],
  [
    /^DocumentStamping: (?:(?:a condition is true|another comparison) \| .*IF first <> last THEN > IF (?:true|first < last) THEN|a statement is missing \| .*: last := documents\[pg_catalog\.cardinality)/,
    'the first is the least, and the branch for several documents is right for one',
  ],
  [
    /^AuthHierarchyMaintenance: another comparison \| .*_AuthHierarchy_Delete line \d+: .*= ANY \(changed\) > .*<> ANY \(changed\)/,
    'nothing stands below an organization that can be deleted, and the closure of others is computed again',
  ],
  [
    /^AuthHierarchyMaintenance: another comparison \| \w+\.School .*= ANY \(changed\) > .*<> ANY \(changed\)/,
    'no organization stands below a school, the school itself is named beside, and the closure of others is computed again',
  ],
  [
    /^ReferentialIdentityMaintenance: a part of a condition is missing \| .*WHERE "DocumentId" = document > /,
    'a document has no ids but those of its own resource and its superclass, which are made again',
  ],
  [
    /^uuidv5: a statement is missing \| .*set_config\('quote_all_identifiers', 'off', true\)/,
    'sessions of verification have this setting; the specs of scripts under other settings have the other',
  ],
  [/^needless part of a check \|/, 'the condition has the same value for all columns that can be NULL together'],
  [
    /^AuthHierarchyMaintenance: another number \| .*_AuthHierarchy_Update .*IF pg_catalog\.cardinality\(changed\) = 0 THEN > IF pg_catalog\.cardinality\(changed\) = 1 THEN/,
    'an update leaves as many changed rows as it makes, so the list never has exactly one id; without ids nothing is computed',
  ],
  [
    /^DocumentCacheUuid: trigger timing \|/,
    'the body only compares and raises, so it refuses the same statements after a row is written',
  ],
  [/^\w+: needless condition \|/, 'a row for which the condition holds has left the body before'],
  [/^needless presence \|/, 'writers give the canonical column a value only together with the presence column'],
  [/^\w+: needless (?:trigger column|comparison) \|/, 'what follows from the row does not follow from this column'],
  [
    /^column type \| tracked_changes_\w+\.Descriptor New/,
    'nothing is written there: the namespace and the code value of a descriptor do not change',
  ],
  [
    /^DocumentStamping: a value is copied in part \| dms\.Descriptor .*\."Discriminator", > (?:normalize|btrim|split_part)/,
    'a discriminator is the name of a resource: letters and digits of ASCII',
  ],
  [
    /^Document(?:Journal|Stamping): a value is compared in part \| .*"ResourceKeyId".* > .*abs\(/,
    'the key of a resource is positive',
  ],
  [
    /^DocumentStamping: a condition is true \| dms\.Descriptor .*IF NOT \(OLD\."DocumentId" IS NOT DISTINCT/,
    'a row that keeps its document and its resource passes the guard, which reads the document once more',
  ],
  [/^DocumentStamping: a value is compared in part \| .*"Ordinal", > abs\(/, 'positions are not negative'],
  [/^\w+: trigger columns \| .* not of DocumentId$/, 'a row keeps its document id unless its identity changes too'],
  [/^\w+: (?:another text|old instead of new) \| .*RAISE EXCEPTION/, 'the text of a message'],
  [/^DocumentCacheUuid: old instead of new \| .*line 9:/, 'the text of a message'],
  [/^ProjectionEnqueue: two values are swapped \| .*EnqueuedAt/, 'both have the same value when a row is made'],
  [/^ProjectionEnqueue: another comparison \| .*RequiredContentVersion" <=? /, 'no two stamps have one version'],
  [
    /^ProjectionEnqueue: (?:a conflict|an assignment is missing|the least instead of the greatest.*) \|/,
    'a new document has no request, and a statement stamps a document once',
  ],
  [
    /^(?:core column default \| dms\.Descriptor|column default \| \S+) (?:ContentVersion|ContentLastModifiedAt) without/,
    'a trigger fills the copies of stamps before the row is checked, and a row without a document is refused',
  ],
  [
    /^longer copy \|/,
    'an alias, an abstract identity or a record copies another column; the shorter of the two refuses a longer text',
  ],
  [
    /^DocumentJournal: (?:a condition is false|another comparison) \| .*NOT EXISTS/,
    'a statement without rows has no rows to insert',
  ],
];

export type MutantVerdict = 'equivalent' | 'not explained';

export interface ExplainedVerdict {
  readonly verdict: MutantVerdict;
  readonly why: string;
}

/** The verdict of the list about a mutant that survives. */
export function verdictOn(mutant: string): ExplainedVerdict {
  const why = equivalent.find(([pattern]) => pattern.test(mutant))?.[1];
  return why === undefined
    ? { verdict: 'not explained', why: 'no check sees it, and the list does not name it' }
    : { verdict: 'equivalent', why };
}
