// The judge of imports. The rules are made from the one table in test/house/rooms.ts; the run that cruises, counts
// the modules and sees planted faults go red is test/house/map.test.ts.
export { configuration as default } from './test/house/import-rules.ts'
