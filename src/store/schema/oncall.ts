/** The tables of oncall/. Times are milliseconds, booleans 0 or 1, JSON is text. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the room
export interface OncallSchema {}
