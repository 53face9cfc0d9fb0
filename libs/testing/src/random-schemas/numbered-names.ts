const resourceFillers = [
  '',
  'OfTheRegionalTransportNetworkAndItsConnectedServices',
  'KeptForTheYearlyReviewOfEverythingThatTheCommitteeOnOpenRecordsOverseesTogetherWithTheOfficeOfPublicWorksAndWaterways',
];
const fieldFiller = 'MeasuredDuringTheMostRecentInspection';

/** The last member of a path. */
export const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);
export const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
export const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** Makes names with unique numbers. */
export class NumberedNames {
  private readonly hasLongNames: boolean;
  private number = 0;

  constructor(hasLongNames: boolean) {
    this.hasLongNames = hasLongNames;
  }

  get last(): number {
    return this.number;
  }

  next(): number {
    this.number += 1;
    return this.number;
  }

  filler(nameLength: number): string {
    return this.hasLongNames ? (resourceFillers[nameLength] ?? '') : '';
  }

  field(prefix: string, isLong: boolean): string {
    return `${prefix}${this.next()}${isLong && this.hasLongNames ? fieldFiller : ''}`;
  }
}
