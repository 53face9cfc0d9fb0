/* The effects of the evolutions of the schools on the tables of tracked changes (design 15a §4). */

interface TrackedChanges {
  /** The items of tracked-change tables. */
  readonly items: readonly string[];
  readonly allowLoss?: readonly string[];
  /** Tracked-change tables that must be empty, because their rows lack a value that the later set requires. */
  readonly emptied?: readonly string[];
}

/**
 * The effects of evolutions on the tables of tracked changes; evolutions without an effect are left out (design 15a
 * §4).
 */
export const trackedChanges: Readonly<Record<string, TrackedChanges>> = {
  'a reference that shares a part, so that a column becomes an alias': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchoolId_Unified',
      'free column renamed tracked_changes_core.Section OldSchoolId_Unified',
    ],
  },
  'an equality of values that are equal': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchoolId_Unified',
      'free column renamed tracked_changes_core.Section OldSchoolId_Unified',
    ],
  },
  'an equality taken back': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchool_SchoolId',
      'free column renamed tracked_changes_core.Section OldSchool_SchoolId',
    ],
  },
  'the reference that shares a part removed again': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchool_SchoolId',
      'free column renamed tracked_changes_core.Section OldSchool_SchoolId',
    ],
  },
  'a longer string in an identity that others copy': {
    items: [
      'free type wider tracked_changes_core.Room NewRoomCode',
      'free type wider tracked_changes_core.Room OldRoomCode',
    ],
  },
  'a wider integer that others copy': {
    items: [
      'free type wider tracked_changes_core.Booking NewSection_SchoolId',
      'free type wider tracked_changes_core.Booking OldSection_SchoolId',
      'free type wider tracked_changes_core.Room NewSchool_SchoolId',
      'free type wider tracked_changes_core.Room OldSchool_SchoolId',
      'free type wider tracked_changes_core.School NewSchoolId',
      'free type wider tracked_changes_core.School OldSchoolId',
      'free type wider tracked_changes_core.Section NewSchool_SchoolId',
      'free type wider tracked_changes_core.Section OldSchool_SchoolId',
    ],
  },
  'a resource that sorts first': {
    items: ['free table added tracked_changes_core.Absence'],
  },
  'a resource that sorts last': {
    items: ['free table added tracked_changes_extra.Zebra'],
  },
  'a new member of an abstract resource': {
    items: ['free table added tracked_changes_core.Network'],
  },
  'a root that takes the name which another one gives up': {
    items: ['free table renamed tracked_changes_core.School', 'free table renamed tracked_changes_core.Zzz'],
  },
  'a root that takes the name which a later one gives up': {
    items: ['free table renamed tracked_changes_core.Aaa', 'free table renamed tracked_changes_core.Section'],
  },
  'roots that swap names': {
    items: ['free table renamed tracked_changes_core.Room', 'free table renamed tracked_changes_core.Section'],
  },
  'roots whose names go in a circle of three, a collection below one of them': {
    items: [
      'free table renamed tracked_changes_core.Room',
      'free table renamed tracked_changes_core.School',
      'free table renamed tracked_changes_core.Section',
    ],
  },
  'another schema': {
    items: ['free table renamed tracked_changes_elsewhere.Volunteer'],
  },
  'the schema of another project, which goes on to a third': {
    items: ['free table renamed tracked_changes_more.Volunteer', 'free table renamed tracked_changes_third.Volunteer'],
  },
  'the same with the later one first': {
    items: ['free table renamed tracked_changes_extra.Volunteer', 'free table renamed tracked_changes_third.Volunteer'],
  },
  'schemas that change places': {
    items: ['free table renamed tracked_changes_extra.Volunteer', 'free table renamed tracked_changes_more.Volunteer'],
  },
  'the schema of another project, whose table gets another name in the same go': {
    items: ['free table renamed tracked_changes_extra.Volunteer', 'free table renamed tracked_changes_more.Helper'],
  },
  'a resource removed': {
    items: ['loss table removed tracked_changes_extra.Volunteer'],
  },
  'a resource removed that others come after': {
    items: ['loss table removed tracked_changes_core.Booking'],
  },
  'one more part of an identity, copied by others': {
    items: [
      'checked required column added tracked_changes_core.Room OldFloor',
      'free column added tracked_changes_core.Room NewFloor',
    ],
    emptied: ['tracked_changes_core."Room"'],
  },
  'a part of an identity less': {
    items: [
      'loss column removed tracked_changes_core.Room NewFloor',
      'loss column removed tracked_changes_core.Room OldFloor',
    ],
    allowLoss: ['tracked_changes_core.Room'],
  },
  'a reference that becomes part of the identity': {
    items: [
      'checked required column added tracked_changes_core.Booking OldSection_SchoolId',
      'checked required column added tracked_changes_core.Booking OldSection_SectionCode',
      'free column added tracked_changes_core.Booking NewSection_SchoolId',
      'free column added tracked_changes_core.Booking NewSection_SectionCode',
    ],
    emptied: ['tracked_changes_core."Booking"'],
  },
};
