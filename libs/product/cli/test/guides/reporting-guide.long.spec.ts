import { replayGuides } from '../replayed-guide.ts';

replayGuides([{ file: 'docs/reporting.md', databases: ['reporting-campus'], sqlDatabase: 'CAMPUS_DB' }]);
